import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import type { D1Database, D1Query } from './database.ts'
import { assertDropsNoOtherRows } from './dropped-tables.ts'
import { collectingHandle } from './handle.ts'
import type { D1Log } from './log.ts'

/** One unit of work: nothing is written before `commit`, which sends the entry, already completed, and all statements. */
export function beginBatch(database: D1Database, log: D1Log, entry: Entry, maxStatements: number): Transaction<'sql'> {
  const queries: D1Query[] = []
  const handle = collectingHandle(database, queries, maxStatements)
  return {
    handle: () => handle,
    async commit(final) {
      await assertDropsNoOtherRows(database, queries)
      const answer = await log.commit([{ ...entry, ...final, done: true }], queries)
      if (answer === 'appended') return undefined
      // The serial is this unit's own when the batch is sent again because its answer was lost.
      return (await log.attemptAt(entry.serial)) === entry.attempt ? undefined : 'taken'
    },
    rollback: async () => {},
  }
}
