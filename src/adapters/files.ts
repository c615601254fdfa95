import { join, resolve } from 'node:path'
import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { deferredWrites } from '../runtime/deferred/writes.ts'
import { classify } from './disk/error-code.ts'
import { diskCell } from './disk/cell.ts'
import { diskLog } from './disk/log.ts'
import { openDiskSession } from './disk/session.ts'
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
    strategy: deferredWrites,
    state: { cas: 'single-node', durability: 'sync' },
    client: log,
    log,
    lease: diskCell(join(books, 'lease')),
    open: async () =>
      openDiskSession({
        books,
        elsewhere: [],
        stage(entry, stages) {
          const handle = new DeferredFiles(folder, stages, entry)
          return { handle: () => handle, prepare: () => handle.prepare(), discard: () => handle.discard() }
        },
        settle: (staged, items) => settleFiles(folder, staged, redoItems(items)),
      }),
    classify,
  }
})

export default files
