import type { Id, Manifest } from '../graph/manifest.ts'
import { type Binding, type BoundMigration, bindManifest } from './binding.ts'
import type { Entry, SeenTarget } from './entry.ts'
import { MigrationError } from './errors.ts'
import { satisfiedKey, withKey } from './key.ts'
import type { Applied, Finding, MigrationEvent, Options } from './options.ts'
import type { Patience } from './patience.ts'
import type { Draft, Storage } from './storage.ts'
import { ulid } from './ulid.ts'

const DEFAULT_WAIT = 600_000

/** One call of `migrate`, `plan` or `status`: its inputs, bound, and what it has done so far. */
export interface Run {
  readonly manifest: Manifest
  readonly options: Options
  readonly binding: Binding
  readonly patience: Patience
  readonly applied: Applied[]
  readonly findings: Finding[]
  emit(event: MigrationEvent): void
}

/** @throws MigrationError `MIG_R0107` on a manifest of another version, and what `bindManifest` throws. */
export function createRun(manifest: Manifest, source: Options | (() => Options)): Run {
  const options = typeof source === 'function' ? source() : source
  if (manifest.v !== 1)
    throw new MigrationError('MIG_R0107', `The manifest has version ${String(manifest.v)}, this runtime knows 1.`)
  if (!manifest.squashes && manifest.migrations.some(({ replaces }) => replaces.length > 0))
    throw new MigrationError('MIG_R0107', 'The manifest has a squash, and no code that decides about it.')
  const emit = (event: MigrationEvent): void => {
    try {
      options.onEvent?.(event)
    } catch {
      // A reporter that fails must not stop a migration half way: `Options.onEvent` says so.
    }
  }
  const patience: Patience = {
    wait: options.wait ?? DEFAULT_WAIT,
    signal: options.signal ?? new AbortController().signal,
    waiting: (target, reason) => emit({ type: 'waiting', target, reason }),
  }
  const binding = bindManifest(manifest, options, patience)
  return { manifest, options, binding, patience, applied: [], findings: [], emit }
}

/** The targets as the state store should know them: all that are bound, but its own storage. */
export function seenTargets(run: Run): readonly SeenTarget[] {
  const { state, targets } = run.binding
  const tenant = run.options.tenant ?? null
  const bound = targets.flatMap((storage) => {
    if (storage === state || !storage.target || !storage.last) return []
    return [{ name: storage.name, target: storage.target, serial: storage.last.serial, tenant }]
  })
  // Another application on the same state store has targets of its own: they stay.
  const known = new Set(bound.map(({ target }) => target))
  return [...bound, ...(state.last?.targets ?? []).filter(({ target }) => !known.has(target))]
}

/** This build's key on these storages; `null` while one of them has no log. */
export async function keyOf({ manifest, options, binding }: Run): Promise<string | null> {
  const targets = binding.targets.flatMap(({ target }) => target ?? [])
  return targets.length < binding.targets.length ? null : satisfiedKey(manifest.digest, options.tenant, targets)
}

/**
 * Whether there is nothing to do, from the last entries alone: own key present, nothing staged open, and each target
 * exactly where the state recorded it.
 */
export async function isCurrent(run: Run): Promise<boolean> {
  const { state, storages, targets } = run.binding
  if (storages.some(({ last }) => last === null || last.open > 0)) return false
  const key = await keyOf(run)
  if (key === null || !state.last?.satisfied.includes(key)) return false
  const { targets: seen } = state.last
  return targets.every((storage) => {
    if (storage === state) return true
    const recorded = seen.find(({ target }) => target === storage.target)
    return recorded?.serial === storage.last?.serial && recorded?.name === storage.name
  })
}

/** `satisfied` and `targets` of the state store's next entry; both empty in any other log. */
export async function recordFields(
  run: Run,
  storage: Storage,
  complete: boolean,
): Promise<Pick<Entry, 'satisfied' | 'targets'>> {
  if (storage !== run.binding.state) return { satisfied: [], targets: [] }
  const satisfied = storage.last?.satisfied ?? []
  const key = complete ? await keyOf(run) : null
  return { satisfied: key === null ? satisfied : withKey(satisfied, key), targets: seenTargets(run) }
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
