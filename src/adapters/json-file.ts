import { basename, dirname, join, resolve } from 'node:path'
import { type Adapter, type Session, defineAdapter } from '../runtime/adapter.ts'
import { classify } from './disk/error-code.ts'
import { DiskLock } from './disk/lock.ts'
import { diskLog } from './disk/log.ts'
import { Stages, damagedStage } from './disk/stage.ts'
import { DeferredKeys, type KeyChange, withChanges } from './key-value/changes.ts'
import { readDataFile, writeDataFile } from './key-value/data-file.ts'

/**
 * A key-value storage in one JSON file of a local disk: an object of keys and values, for people to read. Log, lock and
 * staged work lie in a folder beside it, `<path>.migrations/`, which belongs to the data: back them up together. As
 * nothing but a state store, the folder is all there is.
 *
 * @param path made by the first migration that writes a key, where it does not exist
 * @example
 * adapters: { events: jsonFile('./data/events.json') }
 */
export const jsonFile: (path: string) => Adapter<'kv'> = defineAdapter((path: string): Adapter<'kv'> => {
  const file = resolve(path)
  const books = join(dirname(file), `${basename(file)}.migrations`)
  const log = diskLog(books)
  return {
    name: 'json-file',
    kinds: ['kv'],
    capabilities: { atomic: 'key', deferred: true },
    state: { cas: 'single-node', durability: 'sync' },
    client: log,
    log,
    open: async () => openSession(file, books),
    classify,
  }
})

export default jsonFile

function openSession(file: string, books: string): Session<'kv'> {
  const stages = new Stages(join(books, 'stage'))
  const lock = new DiskLock(join(books, 'lock'))
  return {
    async stage(entry) {
      let before: ReturnType<typeof readDataFile> | undefined
      const handle = new DeferredKeys(() => (before ??= readDataFile(file)))
      return {
        handle: () => handle,
        async prepare() {
          const changes = await handle.changes()
          if (changes.length === 0) return null
          await stages.create(entry)
          return stages.prepare(entry.attempt, changes)
        },
        discard: () => stages.discard(entry.attempt),
      }
    },
    tryLock: () => lock.tryLock(),
    unlock: () => lock.unlock(),
    async settle(redo) {
      const changes = keyChanges((await stages.redoOf(redo)).items)
      await writeDataFile(file, withChanges(await readDataFile(file), changes))
    },
    staged: () => stages.list(),
    async discard(attempt) {
      await stages.discard(attempt)
      await stages.sweep(books, join(books, 'log'), dirname(file))
    },
    close: () => lock.unlock(),
  }
}

function keyChanges(value: unknown): readonly KeyChange[] {
  if (Array.isArray(value) && value.every((change) => typeof change?.key === 'string')) return value
  throw damagedStage('the redo list has another shape')
}
