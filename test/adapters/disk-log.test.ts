import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { files } from '../../src/adapters/files.ts'
import { sha256 } from '../../src/adapters/disk/durable.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { entriesOf, entryAt } from '../../src/testing/log-entries.ts'

const ENTRIES = 5
let root = ''
let books = ''
let adapter: Adapter
let entries: readonly Entry[] = []

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'disk-log-'))
  books = join(root, '.migrations')
  adapter = files(root)
  entries = Array.from({ length: ENTRIES }, (_, serial) => entryAt(serial))
  for (const entry of entries) await adapter.log.append([entry])
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const file = (serial: number): string => join(books, 'log', `${String(serial).padStart(10, '0')}.json`)
const hint = (): string => join(books, 'head.json')

/** The whole log, by both ways of reading; the error's code where one of them refuses. */
async function reading(): Promise<readonly Entry[] | string> {
  try {
    const head = await adapter.log.head()
    const all = await entriesOf(adapter)
    expect(head?.last.serial ?? -1).toBe(all.length - 1)
    return all
  } catch (error) {
    return String((error as { readonly code?: unknown }).code ?? error)
  }
}

/** Every way to spoil a file's content. */
function* damages(text: Buffer): Iterable<readonly [string, Buffer]> {
  for (let length = 0; length < text.length; length += 1) yield [`cut at ${length}`, text.subarray(0, length)]
  for (let at = 0; at < text.length; at += 7) {
    const flipped = Buffer.from(text)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    yield [`bit flipped at ${at}`, flipped]
  }
  for (const other of [
    '',
    '[]',
    'null',
    '{}',
    '\0\0\0\0',
    '\uFEFF',
    `[]\nsha256:${sha256('[]')}\n`,
    `null\nsha256:${sha256('null')}\n`,
  ])
    yield [JSON.stringify(other), Buffer.from(other)]
  yield ['a byte order mark before it', Buffer.concat([Buffer.from('\uFEFF'), text])]
}

describe('a file of the log', () => {
  it.each([0, 2, 4])('D04 of entry %i that is damaged in any way is refused, never a shorter log', async (serial) => {
    rmSync(hint())
    const text = readFileSync(file(serial))
    let count = 0
    for (const [what, damaged] of damages(text)) {
      writeFileSync(file(serial), damaged)
      expect(await reading(), what).toBe('MIG_R0221')
      count++
    }
    expect(count).toBeGreaterThan(300)
    writeFileSync(file(serial), text)
    expect(await reading()).toEqual(entries)
  })

  it.each([0, 1, 2, 3])('of entry %i that is gone is missed', async (serial) => {
    rmSync(file(serial))
    expect(await reading()).toBe('MIG_R0221')
    rmSync(hint())
    expect(await reading()).toBe('MIG_R0221')
  })

  it('that is the last one and gone is missed while the hint knows it', async () => {
    rmSync(file(ENTRIES - 1))
    expect(await reading()).toBe('MIG_R0221')
    await expect(adapter.log.append([entryAt(ENTRIES)])).rejects.toMatchObject({ code: 'MIG_R0221' })
  })

  it('D09 that is no file is refused', async () => {
    for (const serial of [1, ENTRIES - 1]) {
      renameSync(file(serial), `${file(serial)}.aside`)
      mkdirSync(file(serial))
      expect(await reading()).toBe('EISDIR')
      rmSync(file(serial), { recursive: true })
      symlinkSync('/nowhere', file(serial))
      expect(await reading()).toBe('MIG_R0221')
      rmSync(file(serial))
      renameSync(`${file(serial)}.aside`, file(serial))
    }
    expect(await reading()).toEqual(entries)
  })

  it('under another number is refused', async () => {
    renameSync(file(4), file(5))
    rmSync(hint())
    expect(await reading()).toBe('MIG_R0221')
  })
})

describe('the hint', () => {
  it('may be damaged in any way, or gone', async () => {
    const text = readFileSync(hint())
    for (const [what, damaged] of damages(text)) {
      writeFileSync(hint(), damaged)
      expect(await reading(), what).toEqual(entries)
    }
    rmSync(hint())
    expect(await reading()).toEqual(entries)
    expect(await adapter.log.append([entryAt(ENTRIES)])).toBe('appended')
    expect((await adapter.log.head())?.last.serial).toBe(ENTRIES)
  })

  it('may lag behind the log', async () => {
    const old = readFileSync(hint())
    for (let serial = ENTRIES; serial < ENTRIES + 100; serial++) await adapter.log.append([entryAt(serial)])
    writeFileSync(hint(), old)
    expect((await adapter.log.head())?.last.serial).toBe(ENTRIES + 99)
    expect(await adapter.log.append([entryAt(ENTRIES)])).toBe('taken')
    expect(await adapter.log.append([entryAt(ENTRIES + 100)])).toBe('appended')
  })

  it('D06 without a log is a lost log, not a new storage', async () => {
    for (const serial of entries.keys()) rmSync(file(serial))
    expect(await reading()).toBe('MIG_R0221')
    rmSync(join(books, 'log'), { recursive: true })
    expect(await reading()).toBe('MIG_R0221')
    const more = manifestOf([
      migration({
        id: 'a:1',
        uses: { files: 'files' },
        up: async ({ files: tree }) => tree.write('a', new Uint8Array()),
      }),
    ])
    await expect(migrate(more, { adapters: { files: adapter }, state: 'files' })).rejects.toMatchObject({
      code: 'MIG_R0221',
    })
    expect(readdirSync(root)).toEqual(['.migrations'])
  })
})

it('D11 what a killed writer left half done is no part of the log', async () => {
  writeFileSync(join(books, 'log', '.tmp-host-1-x'), 'half')
  writeFileSync(join(books, '.tmp-host-1-y'), 'half')
  expect(await reading()).toEqual(entries)
  expect(await adapter.log.append([entryAt(ENTRIES)])).toBe('appended')
})
