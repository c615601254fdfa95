import { join } from 'node:path'
import type { Session, Staging } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import type { Kind } from '../../runtime/handles.ts'
import { DiskLock } from './lock.ts'
import { Stages } from './stage.ts'

/** What a storage on disk knows beside its log, lock and stages. */
export interface DiskStorage<K extends Kind> {
  /** The folder of log, lock and stages. */
  readonly books: string
  /** Where else a killed process may have left temporary files. */
  readonly elsewhere: readonly string[]
  stage(entry: Entry, stages: Stages): Staging<K>
  /** @param folder the attempt's own, @param items the redo list that was prepared in it */
  settle(folder: string, items: unknown): Promise<void>
}

export function openDiskSession<K extends Kind>(storage: DiskStorage<K>): Session<K> {
  const { books, elsewhere } = storage
  const stages = new Stages(join(books, 'stage'))
  const lock = new DiskLock(join(books, 'lock'))
  const sweep = (): Promise<void> =>
    stages.sweep(...['', 'log', 'lock', 'lease'].map((name) => join(books, name)), ...elsewhere)
  return {
    stage: async (entry) => storage.stage(entry, stages),
    tryLock: () => lock.tryLock(),
    unlock: () => lock.unlock(),
    holder: () => lock.holder(),
    release: (token) => lock.release(token),
    async settle(redo) {
      const { folder, items } = await stages.redoOf(redo)
      await storage.settle(folder, items)
    },
    // Asked for at the end of every run that had work, also of a storage that never discards anything. What cannot be
    // removed stays.
    async staged() {
      await sweep().catch(() => {})
      return stages.list()
    },
    async discard(attempt) {
      await stages.discard(attempt)
      await sweep()
    },
    close: () => lock.unlock(),
  }
}
