import { describe, expect, it } from 'vitest'
import type { Adapter, Session, Staging } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { ulid } from '../../src/runtime/ulid.ts'

/** A new, empty storage: every call of `open` connects to it anew. */
export interface TestStorage {
  open(): Adapter
  /** Whether anything at all is there. */
  isUntouched(): boolean | Promise<boolean>
}

const TARGET = ulid()

export function entryAt(serial: number, more: Partial<Entry> = {}): Entry {
  return {
    serial,
    kind: serial === 0 ? 'genesis' : 'checked',
    id: null,
    target: TARGET,
    generation: 0,
    hash: null,
    attempt: ulid(),
    done: true,
    satisfied: [],
    open: 0,
    targets: [],
    data: serial === 0 ? { lineage: ulid(), env: null } : null,
    at: new Date(0).toISOString(),
    ...more,
  }
}

export async function entriesOf(adapter: Adapter, after = -1): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of adapter.log.read(after)) entries.push(entry)
  return entries
}

/** What every adapter must do, whatever it stores. */
export function testAdapter(name: string, make: () => TestStorage): void {
  describe(`${name}: the log`, () => {
    it('is not there before the first append, and reading creates nothing', async () => {
      const storage = make()
      const adapter = storage.open()
      expect(await adapter.log.head()).toBeNull()
      expect(await entriesOf(adapter)).toEqual([])
      await (await adapter.open()).close()
      expect(await storage.isUntouched()).toBe(true)
    })

    it('gives back what was appended, by head and from any point on', async () => {
      const storage = make()
      const adapter = storage.open()
      const entries = [
        entryAt(0, { data: { lineage: 'L', env: 'ß "quoted" \u2028 \\ 日本' } }),
        entryAt(1, {
          kind: 'up',
          id: '@acme/a:1',
          hash: 'h0:1',
          generation: 1,
          data: { ms: 3, redo: [{ target: 'T', redo: { a: [null, 1.5] } }] },
        }),
        entryAt(2, { satisfied: Array.from({ length: 8 }, (_, index) => `${index}`.repeat(32)), open: 1 }),
        entryAt(3, { targets: [{ name: 'files', target: ulid(), serial: 12, tenant: null }] }),
      ]
      expect(await adapter.log.append(entries.slice(0, 1))).toBe('appended')
      expect(await adapter.log.append(entries.slice(1, 3))).toBe('appended')
      expect(await adapter.log.append(entries.slice(3))).toBe('appended')
      for (const reader of [adapter, storage.open()]) {
        expect(await reader.log.head()).toMatchObject({ genesis: entries[0], last: entries[3] })
        for (const after of [-1, 0, 1, 2, 3, 9])
          expect(await entriesOf(reader, after)).toEqual(entries.slice(after + 1))
      }
    })

    it('refuses a serial that is taken, all of what is appended with it, and a gap', async () => {
      const adapter = make().open()
      expect(await adapter.log.append([entryAt(0)])).toBe('appended')
      expect(await adapter.log.append([entryAt(0)])).toBe('taken')
      expect(await adapter.log.append([entryAt(1), entryAt(2), entryAt(3)])).toBe('appended')
      expect(await adapter.log.append([entryAt(2), entryAt(3), entryAt(4)])).toBe('taken')
      await expect(adapter.log.append([entryAt(5)])).rejects.toThrow(/gap/)
      expect((await entriesOf(adapter)).map(({ serial }) => serial)).toEqual([0, 1, 2, 3])
    })

    it('lets one of many writers have each serial', async () => {
      const storage = make()
      const adapters = Array.from({ length: 8 }, () => storage.open())
      for (let serial = 0; serial < 6; serial++) {
        const answers = await Promise.all(adapters.map((adapter) => appendPatiently(adapter, entryAt(serial))))
        expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1)
      }
      expect((await entriesOf(storage.open())).map(({ serial }) => serial)).toEqual([0, 1, 2, 3, 4, 5])
    })
  })
}

/** What an adapter must do that takes part in units of others: `write` makes one change, `read` sees it. */
export function testDeferred(
  name: string,
  make: () => TestStorage,
  write: (staging: Staging) => Promise<void>,
  read: (staging: Staging) => Promise<unknown>,
  written: unknown,
): void {
  const opened = async (storage: TestStorage): Promise<Required<Session>> =>
    (await storage.open().open()) as Required<Session>
  const unit = (): Entry => entryAt(7, { kind: 'up', id: 'a:1' })

  describe(`${name}: staged work`, () => {
    it('is invisible until it is settled, and settling again changes nothing', async () => {
      const storage = make()
      const session = await opened(storage)
      const before = await read(await session.stage(unit()))
      const entry = unit()
      const staging = await session.stage(entry)
      await write(staging)
      expect(await read(staging)).toEqual(before)
      const redo = await staging.prepare()
      expect(redo).not.toBeNull()
      expect(JSON.parse(JSON.stringify(redo))).toEqual(redo)
      expect(await read(await session.stage(unit()))).toEqual(before)
      expect(await session.tryLock()).toBe(true)
      for (const _ of [1, 2]) {
        await session.settle(redo)
        expect(await read(await (await opened(storage)).stage(unit()))).toEqual(written)
      }
      await session.discard(entry.attempt)
      await session.unlock()
      expect(await read(await (await opened(storage)).stage(unit()))).toEqual(written)
      expect(await session.staged()).toEqual([])
    })

    it('is listed with the entry that would commit it, and can be dropped', async () => {
      const storage = make()
      const entry = unit()
      const staging = await (await opened(storage)).stage(entry)
      await write(staging)
      await staging.prepare()
      const other = await opened(storage)
      const { target, serial, attempt } = entry
      expect(await other.staged()).toMatchObject([{ target, serial, attempt }])
      await other.discard(attempt)
      await other.discard(attempt)
      expect(await other.staged()).toEqual([])
    })

    it('is nothing where nothing was written', async () => {
      const storage = make()
      const session = await opened(storage)
      const staging = await session.stage(unit())
      await read(staging)
      expect(await staging.prepare()).toBeNull()
      expect(await session.staged()).toEqual([])
    })

    it('is locked by one session at a time', async () => {
      const storage = make()
      const [one, two] = [await opened(storage), await opened(storage)]
      expect(await one.tryLock()).toBe(true)
      expect(await two.tryLock()).toBe(false)
      await two.unlock()
      expect(await two.tryLock()).toBe(false)
      await one.unlock()
      expect(await two.tryLock()).toBe(true)
      await two.close()
      expect(await one.tryLock()).toBe(true)
      await one.close()
    })
  })
}

/** As the runtime does it: busy is no answer. */
async function appendPatiently(adapter: Adapter, entry: Entry): Promise<'appended' | 'taken'> {
  for (;;) {
    try {
      return await adapter.log.append([entry])
    } catch (error) {
      if (adapter.classify(error) !== 'retry') throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}
