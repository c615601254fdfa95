import type { Id, Manifest } from '../graph/manifest.ts'
import { type Binding, type BoundMigration, bindManifest } from './binding.ts'
import type { Entry, SeenTarget } from './entry.ts'
import { MigrationError } from './errors.ts'
import { keyOf, withKey } from './key.ts'
import type { Applied, Finding, MigrationEvent, Options } from './options.ts'
import type { Patience } from './patience.ts'
import type { Draft, Storage } from './storage.ts'
import { ulid } from './ulid.ts'

const DEFAULT_WAIT = 600_000

/** One call of `migrate`, `plan` or `status`: its inputs, bound, and what it has done so far. */
export interface Run extends Binding, Patience {
  readonly manifest: Manifest
  readonly options: Options
  readonly applied: Applied[]
  /** What is left of the current plan, in order. */
  planned: Set<Id>
  readonly findings: Finding[]
}

/** @throws MigrationError `MIG_R0107` on a manifest of another version, and what `bindManifest` throws. */
export function createRun(manifest: Manifest, source: Options | (() => Options)): Run {
  const options = typeof source === 'function' ? source() : source
  const { v, squashes, migrations } = manifest
  // Without the code that decides about squashes they would run as on a fresh storage.
  if (v !== 1 || (!squashes && migrations.some(({ replaces }) => replaces.length > 0)))
    throw new MigrationError('MIG_R0107', `manifest v${String(v)}`)
  const emit = (event: MigrationEvent): void => {
    try {
      options.onEvent?.(event)
    } catch {
      // A reporter that fails must not stop a migration half way: `Options.onEvent` says so.
    }
  }
  const { wait = DEFAULT_WAIT, signal = new AbortController().signal } = options
  const patience = { wait, signal, emit }
  const binding = bindManifest(manifest, options, patience)
  return { manifest, options, ...binding, ...patience, applied: [], planned: new Set(), findings: [] }
}

/**
 * Whether there is nothing to do, from the last entries alone: own key present, nothing staged open, and each target
 * exactly where the state recorded it.
 */
export function isCurrent(run: Run): boolean {
  const { state, storages, targets } = run
  const { satisfied = [], targets: seen = [] } = state.last ?? {}
  const isRecorded = (storage: Storage): boolean =>
    storage === state ||
    seen.some(
      ({ name, target, serial }) =>
        name === storage.name && target === storage.target && serial === storage.last?.serial,
    )
  return storages.every(({ last }) => last?.open === 0) && targets.every(isRecorded) && satisfied.includes(keyOf(run))
}

/** `satisfied` and `targets` of the state store's next entry; both empty in any other log. */
export function recordFields(run: Run, storage: Storage, complete: boolean): Pick<Entry, 'satisfied' | 'targets'> {
  const { state, options } = run
  if (storage !== state) return { satisfied: [], targets: [] }
  const { satisfied = [], targets: known = [] } = state.last ?? {}
  // All that are bound, but the state's own storage.
  const bound = run.targets.flatMap((seen): readonly SeenTarget[] => {
    const { name, target, last } = seen
    if (seen === state || !target || !last) return []
    return [{ name, target, serial: last.serial, tenant: options.tenant ?? null }]
  })
  // Another application on the same state store has targets of its own: they stay.
  const others = known.filter(({ target }) => !bound.some((seen) => seen.target === target))
  return { satisfied: complete ? withKey(satisfied, keyOf(run)) : satisfied, targets: [...bound, ...others] }
}

/** A draft with whatever is usual: nothing, done, a new attempt, now. */
export function draft(fields: Partial<Draft> & Pick<Draft, 'kind' | 'target'>): Draft {
  return {
    id: null,
    generation: 0,
    hash: null,
    attempt: ulid(),
    done: true,
    satisfied: [],
    open: 0,
    targets: [],
    data: null,
    at: new Date().toISOString(),
    ...fields,
  }
}

export function idsOf(migrations: readonly BoundMigration[]): readonly Id[] {
  return migrations.map(({ migration }) => migration.id)
}
