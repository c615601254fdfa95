import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Files, Json, KeyValue } from '../../src/runtime/handles.ts'
import { type TestStorage, testAdapter, testDeferred } from './conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const fresh = (): string => join(folder, String(count++))

function sqliteStorage(): TestStorage {
  const file = fresh()
  const first = new Database(file)
  return {
    open: () => betterSqlite3(new Database(file)),
    isUntouched: () => first.prepare('select name from sqlite_master').all().length === 0,
  }
}

function filesStorage(): TestStorage {
  const root = fresh()
  return { open: () => files(root), isUntouched: () => !existsSync(root) }
}

function jsonStorage(): TestStorage {
  const home = fresh()
  return {
    open: () => jsonFile(join(home, 'data.json')),
    isUntouched: () => !existsSync(home) || readdirSync(home).length === 0,
  }
}

function memoryStorage(): TestStorage {
  const data = new Map<string, Json>()
  return { open: () => memory(data), isUntouched: () => data.size === 0 }
}

testAdapter('better-sqlite3', sqliteStorage)
testAdapter('files', filesStorage)
testAdapter('json-file', jsonStorage)
testAdapter('memory', memoryStorage)

async function textsOf(tree: Files): Promise<Readonly<Record<string, string>>> {
  const texts: [string, string][] = []
  for await (const path of tree.list()) texts.push([path, Buffer.from(await tree.read(path)).toString()])
  return Object.fromEntries(texts.toSorted())
}

testDeferred(
  'files',
  filesStorage,
  (staging) => (staging.handle('files') as Files).write('a/b.txt', Buffer.from('text')),
  (staging) => textsOf(staging.handle('files') as Files),
  { 'a/b.txt': 'text' },
)

async function valuesOf(keys: KeyValue): Promise<Readonly<Record<string, Json | undefined>>> {
  const values: [string, Json | undefined][] = []
  for await (const key of keys.keys()) values.push([key, await keys.get(key)])
  return Object.fromEntries(values)
}

for (const [name, make] of [['json-file', jsonStorage] as const, ['memory', memoryStorage] as const]) {
  testDeferred(
    name,
    make,
    (staging) => (staging.handle('kv') as KeyValue).set('a', { b: [1, null] }),
    (staging) => valuesOf(staging.handle('kv') as KeyValue),
    { a: { b: [1, null] } },
  )
}
