import type { Manifest } from '../../src/graph/manifest.ts'
import { hooks } from '../../src/runtime/hooks.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type Release, faultManifest } from '../faults/manifest.ts'
import { type Outcome, outcomeOf } from '../faults/outcome.ts'
import { kindOf } from '../faults/run.ts'
import { type Connected, type Placement, connected } from '../faults/scenario.ts'
import { CANARY } from '../faults/storages/storage-case.ts'
import { type Order, disputedManifest } from './order.ts'
import { unprotected, unprotectedState } from './unprotected.ts'

/** What one of many runs is like. */
export interface Task {
  readonly release?: Release
  readonly order?: Order
  /** The protection of the logs is off. */
  readonly unprotected?: true
  /** Milliseconds before it begins each migration, whose place in the log it has chosen already. */
  readonly pause?: number
  /** Milliseconds in which it loads each migration. */
  readonly load?: number
  /** It has the driver `node:sqlite` where the placement says better-sqlite3. */
  readonly driver?: 'node-sqlite'
}

export interface Report {
  readonly outcome: Outcome
  /** Milliseconds since the epoch. */
  readonly begun: number
  readonly ended: number
}

/** One of many who run at once: it is connected, and has done nothing yet. */
export interface Member {
  go(): Promise<Report>
  end(): Promise<void>
}

/** Longer than a crowd of hundreds takes. */
const WAIT = 300_000

export async function joined(placement: Placement, task: Task): Promise<Member> {
  const { options, end } = await connected(placement, (adapter) => adapter)
  return { go: joinedWith(placement, options, task), end }
}

/** One that has connections already. */
export function joinedWith(placement: Placement, options: Connected['options'], task: Task): Member['go'] {
  const manifest = manifestFor(placement, task)
  const adapters = Object.entries(options.adapters).map(
    ([role, adapter]) => [role, task.unprotected ? unprotected(adapter) : adapter] as const,
  )
  const state = task.unprotected && typeof options.state === 'object' ? unprotectedState(options.state) : options.state
  return async () => {
    const begun = Date.now()
    const outcome = await outcomeOf((onEvent) =>
      migrate(manifest, {
        ...options,
        adapters: Object.fromEntries(adapters),
        state,
        wait: WAIT,
        params: { password: CANARY },
        hooks: hooks({ beforeEach: () => delay(task.pause ?? 0) }),
        onEvent,
      }),
    )
    return { outcome, begun, ended: Date.now() }
  }
}

function manifestFor(placement: Placement, { release = 'this', order, load = 0 }: Task): Manifest {
  const kinds = { main: kindOf(placement, 'main'), extra: kindOf(placement, 'extra') }
  const manifest = order ? disputedManifest(kinds, order) : faultManifest(kinds.main, kinds.extra, release)
  const migrations = manifest.migrations.map((migration) => ({
    ...migration,
    async load(dialect: string | undefined) {
      await delay(load)
      return migration.load(dialect)
    },
  }))
  return { ...manifest, migrations }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
