import type { Adapter } from '../adapter.ts'
import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'
import { runSideBySide } from '../several/side-by-side.ts'
import type { SeveralStorages } from '../several/storages.ts'
import { strategy } from '../strategies.ts'
import { assertStateless } from './stateless-migrations.ts'

/** Nothing is read, nothing is written, and nothing is ever up to date. */
const several: SeveralStorages = {
  readHeads: async () => {},
  isCurrent: () => false,
  assertSameInstallation: () => {},
  assertIdentity: () => {},
  establishAll: async () => {},
  seen: () => [],
  recordMissing: async () => true,
  catchUpAll: async (run) => assertStateless(run),
  withLease: (_, work) => work(() => false),
  runAll: (run, pending, runOne, complete) => runSideBySide(run, pending, run.traits?.run ?? runOne, complete),
}

/** Of whoever asks for a log in spite of that: the commands of `createMigrator`. */
function refuse(): never {
  throw new MigrationError('MIG_R0117', "state: 'none'")
}

/**
 * The state store of `state: 'none'`, where what a manifest brings and the adapters' names do not say otherwise. Every run
 * asks each migration's probe, in the transaction in which its `up` runs where the answer is no.
 *
 * What that guarantees is what the storage's transactions guarantee. On SQLite a unit has the write lock from its first
 * statement on. On PostgreSQL it has the lock of the log's table, which it takes without a table, so runs with the same
 * `table` option come one after the other and a later one's probe sees what an earlier one committed; whoever else changes
 * the database is not kept away. After an unclear commit the unit runs again, behind the one that may still be committing:
 * with a probe that is exactly once, without one (`repeatable: 'always'`) it is at least once in every run. There is
 * nothing that notices a changed, removed, late or half-deployed migration, a clone or the wrong database.
 */
export const none: Adapter = {
  name: 'none',
  kinds: [],
  capabilities: { atomic: 'none' },
  strategy: strategy({ several }),
  log: { head: async () => refuse(), read: refuse, append: async () => refuse() },
  state: { cas: 'single-node', durability: 'lazy' },
  client: several,
  open: async () => refuse(),
  classify: () => 'fatal',
}

export function isStateless({ state }: Run): boolean {
  return state.adapter === none
}
