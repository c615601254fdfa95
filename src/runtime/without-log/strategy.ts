import type { Strategy } from '../adapter.ts'
import type { Run } from '../run.ts'
import { several } from '../several/storages.ts'
import type { Storage } from '../storage.ts'
import type { StatementRunner } from '../statements/strategy.ts'
import { strategy } from '../strategies.ts'
import { assertCapable } from './capable.ts'
import { commitWithoutLog } from './commit.ts'
import { logInState } from './log.ts'
import { isWithoutLog } from './storage.ts'

/**
 * What the runtime does where a storage has neither a log nor compare-and-set. An adapter of such a storage brings it along.
 * Of no use to anybody but the runtime.
 */
export interface StoragesWithoutLog {
  /** Gives such storages their log, in the state's, before anything is read. @throws MigrationError `MIG_R0118` */
  bind(run: Run): void
}

const bound = new WeakSet<Run>()

function bind(run: Run): void {
  if (bound.has(run)) return
  bound.add(run)
  assertCapable(run)
  const clients = new Map<Storage, object>()
  for (const storage of run.storages.filter((one) => isWithoutLog(one) && one !== run.state)) {
    const { adapter } = storage
    clients.set(storage, adapter.client)
    storage.adapter = {
      ...adapter,
      // Its log waits in the queue of the state's client, which may be its own: nobody may hold that meanwhile.
      client: {},
      log: logInState(run, storage),
      open: () => adapter.open(),
      classify: (error) => adapter.classify(error),
    }
  }
  Object.assign(run, { statements: besides(run.statements, clients) } satisfies Pick<Run, 'statements'>)
}

/** Units of such storages, and whatever the other one takes. */
function besides(other: StatementRunner | undefined, clients: ReadonlyMap<Storage, object>): StatementRunner {
  return {
    // What goes back there may stop half way.
    takes: (attempt) => isWithoutLog(attempt.bound.committer) || other?.takes(attempt) === true,
    commit(attempt) {
      const client = clients.get(attempt.bound.committer)
      return client ? commitWithoutLog(attempt, client) : other?.commit(attempt)
    },
    interrupted: (migration) => other?.interrupted(migration),
    resolve: async (...about) => other?.resolve(...about),
  }
}

/** For adapters whose capabilities say `none`: `AdapterWithoutLog`. */
export const withoutLog: Strategy = strategy({ withoutLog: { bind }, several })
