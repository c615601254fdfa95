import fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

let folder = ''
const originals = { ...fs.promises }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'boot-reads-'))
})

afterEach(() => {
  Object.assign(fs.promises, originals)
  syncBuiltinESMExports()
  rmSync(folder, { recursive: true, force: true })
})

/** Every call of node:fs/promises from now on, by function and the name of the file. */
function recordCalls(): readonly string[] {
  const calls: string[] = []
  for (const [name, original] of Object.entries(originals)) {
    if (typeof original !== 'function') continue
    const recorded = (...parameters: readonly unknown[]): unknown => {
      calls.push(`${name} ${basename(String(parameters[0]))}`)
      return Reflect.apply(original, fs.promises, parameters)
    }
    Object.assign(fs.promises, { [name]: recorded })
  }
  syncBuiltinESMExports()
  return calls
}

/** Makes a log longer by entries that change nothing. */
async function lengthen({ log }: Adapter, count: number): Promise<void> {
  const last = (await log.head())?.last
  if (!last) throw new Error('the log is empty')
  const more = Array.from({ length: count }, (_, index) => ({
    ...last,
    kind: 'checked' as const,
    serial: last.serial + 1 + index,
  }))
  for (const entry of more.slice(0, 100)) await log.append([entry])
  await log.append(more.slice(100))
}

it.each([10, 10_000])(
  'N03 with %i more entries in each log, reads one small file per file-like storage',
  async (count) => {
    const queries: string[] = []
    const database = new Database(join(folder, 'app.db'), { verbose: (text) => void queries.push(String(text)) })
    database.pragma('synchronous = off')
    const adapters = {
      db: betterSqlite3(database),
      files: files(join(folder, 'files')),
      events: jsonFile(join(folder, 'events.json')),
    }
    const history = Array.from({ length: count }, (_, index): TestMigration =>
      migration({ id: `app:${String(index).padStart(6, '0')}`, uses: { db: 'sql' }, sql: 'select 1' }),
    )
    const last = migration({
      id: 'app:999999',
      uses: { db: 'sql', files: 'files', events: 'kv' },
      up: async ({ files: tree, events }) => {
        await tree.write('a.txt', new Uint8Array([1]))
        await events.set('a', 1)
      },
    })
    const manifest = manifestOf([...history, last])
    await migrate(manifest, { adapters, state: 'db' })
    for (const adapter of [adapters.files, adapters.events]) await lengthen(adapter, count)
    await migrate(manifest, { adapters, state: 'db' })
    queries.length = 0
    const calls = recordCalls()
    expect((await migrate(manifest, { adapters, state: 'db' })).outcome).toBe('current')
    expect(queries).toHaveLength(1)
    expect(calls.filter((call) => !call.startsWith('stat '))).toEqual(['readFile head.json', 'readFile head.json'])
    // Beside the read: does the entry's file exist, and none behind it.
    expect(calls.filter((call) => call.startsWith('stat '))).toHaveLength(4)
  },
)
