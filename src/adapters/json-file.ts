import { basename, dirname, join, resolve } from 'node:path'
import { type Adapter, type Staging, defineAdapter } from '../runtime/adapter.ts'
import { deferredWrites } from '../runtime/deferred/writes.ts'
import type { Entry } from '../runtime/entry.ts'
import { classify } from './disk/error-code.ts'
import { diskCell } from './disk/cell.ts'
import { diskLog } from './disk/log.ts'
import { openDiskSession } from './disk/session.ts'
import { type Stages, damagedStage } from './disk/stage.ts'
import { wholeBefore } from './key-value/before.ts'
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
    strategy: deferredWrites,
    state: { cas: 'single-node', durability: 'sync' },
    client: log,
    log,
    lease: diskCell(join(books, 'lease')),
    open: async () =>
      openDiskSession({
        books,
        elsewhere: [dirname(file)],
        stage: (entry, stages) => stageKeys(file, entry, stages),
        settle: async (_, items) => writeDataFile(file, withChanges(await readDataFile(file), keyChanges(items))),
      }),
    classify,
  }
})

export default jsonFile

function stageKeys(file: string, entry: Entry, stages: Stages): Staging<'kv'> {
  const handle = new DeferredKeys(wholeBefore(() => readDataFile(file)))
  return {
    handle: () => handle,
    async prepare() {
      const changes = await handle.changes()
      if (changes.length === 0) return null
      // Once it is committed, people would have to settle what somebody else has changed.
      withChanges(await readDataFile(file), changes)
      await stages.create(entry)
      return stages.prepare(entry.attempt, changes)
    },
    discard: () => stages.discard(entry.attempt),
  }
}

function keyChanges(value: unknown): readonly KeyChange[] {
  if (Array.isArray(value) && value.every((change) => typeof change?.key === 'string')) return value
  throw damagedStage('the redo list has another shape')
}
