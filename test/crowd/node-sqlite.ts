import { nodeSqliteModule } from '../adapters/database-sync.ts'
import { nodeSqlite } from '../../src/adapters/node-sqlite.ts'
import type { Placement } from '../faults/scenario.ts'
import type { StorageCase } from '../faults/storages/storage-case.ts'

/** The files of better-sqlite3 opened with Node's own driver. */
export function withNodeSqlite(placement: Placement): Placement {
  return placement.map((one) =>
    one.storage.adapter === 'better-sqlite3' ? { ...one, storage: own(one.storage) } : one,
  )
}

function own(storage: StorageCase): StorageCase {
  return {
    ...storage,
    adapter: 'node-sqlite',
    async connect({ file = '' }) {
      if (!nodeSqliteModule) throw new Error(`Node ${process.version} has no node:sqlite`)
      const database = new nodeSqliteModule.DatabaseSync(file)
      return { adapter: nodeSqlite(database), end: async () => database.close() }
    },
  }
}
