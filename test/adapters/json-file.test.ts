import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { KeyValue } from '../../src/runtime/handles.ts'
import { entryAt } from '../../src/testing/log-entries.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-file-'))
  file = join(folder, 'data.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function stage(work: (keys: KeyValue) => Promise<unknown>): Promise<() => Promise<void>> {
  const session = await jsonFile(file).open()
  const staging = await session.stage?.(entryAt(3, { kind: 'up' }))
  if (!staging) throw new TypeError('json-file stages')
  await work(staging.handle('kv'))
  const redo = await staging.prepare()
  return async () => session.settle?.(redo)
}

it('is a plain object for people to read', async () => {
  const settle = await stage(async (keys) => {
    await keys.set('b', 1)
    await keys.set('a', { c: [null] })
  })
  expect(existsSync(file)).toBe(false)
  await settle()
  expect(readFileSync(file, 'utf8')).toBe('{\n  "b": 1,\n  "a": {\n    "c": [\n      null\n    ]\n  }\n}\n')
})

it('holds any key like any other', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '1', 'ß/日本']
  await (
    await stage(async (keys) => {
      for (const name of names) await keys.set(name, name)
    })
  )()
  await stage(async (keys) => {
    for (const name of names) expect(await keys.get(name)).toBe(name)
    expect(await keys.get('valueOf')).toBeUndefined()
    const found: string[] = []
    for await (const key of keys.keys()) found.push(key)
    expect(found.toSorted()).toEqual(names.toSorted())
  })
  await (
    await stage((keys) => keys.delete('__proto__'))
  )()
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).not.toContain('__proto__')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('keeps what the application wrote to other keys meanwhile', async () => {
  writeFileSync(file, '{"visits":1,"settings":{"a":1,"b":2}}')
  const settle = await stage((keys) => keys.set('settings', { c: 3 }))
  writeFileSync(file, '{"visits":2,"settings":{"b":2,"a":1},"new":true}')
  await settle()
  await settle()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ visits: 2, settings: { c: 3 }, new: true })
})

it('overwrites no key that changed meanwhile, nor any other of the same migration', async () => {
  writeFileSync(file, '{"a":1,"b":1}')
  const settle = await stage(async (keys) => {
    await keys.set('a', 2)
    await keys.delete('b')
  })
  writeFileSync(file, '{"a":1,"b":7}')
  await expect(settle()).rejects.toMatchObject({ code: 'MIG_R0231' })
  expect(readFileSync(file, 'utf8')).toBe('{"a":1,"b":7}')
  writeFileSync(file, '{"a":1,"b":1}')
  await settle()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: 2 })
})

it.each(['', '{"a":', '[]', 'null', '"a"', '\uFEFF{}'])('D04 leaves a file that holds %j as it is', async (text) => {
  writeFileSync(file, text)
  await expect(stage((keys) => keys.get('a'))).rejects.toMatchObject({ code: 'MIG_R0234' })
  await expect(stage((keys) => keys.set('a', 1))).rejects.toMatchObject({ code: 'MIG_R0234' })
  expect(readFileSync(file, 'utf8')).toBe(text)
})

it('has no data file as nothing but a state store', async () => {
  const { log } = jsonFile(file)
  await log.append([entryAt(0), entryAt(1)])
  expect((await jsonFile(file).log.head())?.last.serial).toBe(1)
  expect(existsSync(file)).toBe(false)
})

it('refuses before the commit to overwrite a key that changed since the migration read it', async () => {
  writeFileSync(file, '{"visits":1}')
  const late = async (keys: KeyValue): Promise<void> => {
    const visits = Number(await keys.get('visits'))
    writeFileSync(file, '{"visits":5}')
    await keys.set('visits', visits + 1)
  }
  await expect(stage(late)).rejects.toMatchObject({ code: 'MIG_R0231' })
  expect(readFileSync(file, 'utf8')).toBe('{"visits":5}')
})
