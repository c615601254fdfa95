import { join, resolve } from 'node:path'
import { type Adapter, type Session, defineAdapter } from '../runtime/adapter.ts'
import { classify } from './disk/error-code.ts'
import { DiskLock } from './disk/lock.ts'
import { diskLog } from './disk/log.ts'
import { Stages } from './disk/stage.ts'
import { DeferredFiles } from './file-tree/deferred-files.ts'
import { BOOKS } from './file-tree/path.ts'
import { redoItems } from './file-tree/redo-item.ts'
import { settleFiles } from './file-tree/settle.ts'

/**
 * The files below a folder of a local disk. Log, lock and staged work lie in its `.migrations/`, which belongs to the
 * data: back it up with the files.
 *
 * @param root made by the first migration, where it does not exist
 * @example
 * adapters: { files: files('./uploads') }
 */
export const files: (root: string) => Adapter<'files'> = defineAdapter((root: string): Adapter<'files'> => {
  const folder = resolve(root)
  const books = join(folder, BOOKS)
  const log = diskLog(books)
  return {
    name: 'files',
    kinds: ['files'],
    capabilities: { atomic: 'key', deferred: true },
    state: { cas: 'single-node', durability: 'sync' },
    client: log,
    log,
    open: async () => openSession(folder, books),
    classify,
  }
})

export default files

function openSession(root: string, books: string): Session<'files'> {
  const stages = new Stages(join(books, 'stage'))
  const lock = new DiskLock(join(books, 'lock'))
  return {
    async stage(entry) {
      const handle = new DeferredFiles(root, stages, entry)
      return { handle: () => handle, prepare: () => handle.prepare(), discard: () => handle.discard() }
    },
    tryLock: () => lock.tryLock(),
    unlock: () => lock.unlock(),
    async settle(redo) {
      const { folder, items } = await stages.redoOf(redo)
      await settleFiles(root, folder, redoItems(items))
    },
    staged: () => stages.list(),
    async discard(attempt) {
      await stages.discard(attempt)
      await stages.sweep(books, join(books, 'log'))
    },
    close: () => lock.unlock(),
  }
}
