import type { Adapter, Session, Strategy } from '../adapter.ts'
import type { Attempt } from '../attempt.ts'
import type { Entry } from '../entry.ts'
import { several } from '../several/storages.ts'
import { strategy } from '../strategies.ts'
import { commitStatements } from './commit.ts'
import { traitRunner } from '../traits/strategy.ts'
import { interrupted, resolve } from './resolve.ts'

/**
 * What the runtime does where definitions commit by themselves. An adapter of such a storage brings it along. Of no use to
 * anybody but the runtime.
 */
export interface StatementRunner {
  /** Whether the statements of a unit run one at a time. With staged work of other storages they commit together, or not. */
  takes(attempt: Pick<Attempt, 'run' | 'bound'>): boolean
  /**
   * Runs a unit whose statements run one at a time.
   *
   * @returns what is committed; `taken` where others were first; nothing where the unit is of another kind
   */
  commit(attempt: Attempt): Promise<Entry | 'taken'> | undefined
  /** What the last try of a migration has left behind, where it did not come to its end. */
  interrupted: typeof interrupted
  /** What somebody says became of that. */
  resolve: typeof resolve
}

/** Sessions of storages with transactions, for migrations that are outside of one. */
export interface DirectSessions {
  isFor(adapter: Adapter): boolean
  /** With `tryLock`, `unlock` and `direct`. */
  open(adapter: Adapter): Promise<Session>
}

const statements: StatementRunner = {
  takes,
  commit: (attempt) => (takes(attempt) ? commitStatements(attempt) : undefined),
  interrupted,
  resolve,
}

/** With staged work of other storages, statements commit together or not at all. */
function takes({ run, bound: { storages, committer, migration } }: Pick<Attempt, 'run' | 'bound'>): boolean {
  const { adapter } = committer
  const isOutside = migration.traits?.transaction === false && run.direct?.isFor(adapter) === true
  return storages.length === 1 && (adapter.capabilities.atomic === 'statement' || isOutside)
}

/** For adapters whose capabilities say `statement`: what goes back there may stop half way, and the next run ends it. */
export const statementAtATime: Strategy = strategy({ statements, several, traits: traitRunner })

/** Beside those of adapters. A manifest brings it where a migration says `transaction: false`. */
export function statementsOn(direct: DirectSessions): Strategy {
  return strategy({ statements, direct })
}
