import type { Id, Manifest } from '../graph/manifest.ts'
import { type Binding, bindManifest } from './binding.ts'
import type { Entry } from './entry.ts'
import { MigrationError } from './errors.ts'
import { keyOf, withKey } from './key.ts'
import type { Applied, Finding, MigrationEvent, Options } from './options.ts'
import type { Patience } from './patience.ts'
import type { Draft, Storage } from './storage.ts'
import { type Strategies, strategiesOf } from './strategies.ts'
import { uniqueId } from './unique-id.ts'

const DEFAULT_WAIT = 600_000

/** One call of `migrate`, `plan` or `status`: its inputs, bound, and what it has done so far. */
export interface Run extends Binding, Patience, Strategies {
  readonly manifest: Manifest
  readonly options: Options
  readonly applied: Applied[]
  /** What is left of the current plan, in order. */
  planned: Set<Id>
  readonly findings: Finding[]
  /** How often a migration may still be run again after an error that says that it may succeed then. */
  retries: number
}

/** @throws MigrationError `MIG_R0107` on a manifest of another version, and what `bindManifest` throws. */
export function createRun(manifest: Manifest, source: Options | (() => Options)): Run {
  const options = typeof source === 'function' ? source() : source
  const { v, squashes, migrations } = manifest
  // Without the code that decides about squashes they would run as on a fresh storage.
  if (v !== 1 || (!squashes && migrations.some(({ replaces }) => replaces.length)))
    throw new MigrationError('MIG_R0107', `manifest v${v}`)
  const { hooks, wait = DEFAULT_WAIT, signal = new AbortController().signal } = options
  const emit = (event: MigrationEvent): Promise<void> | undefined => {
    // Who throws at once rejects as well. A reporter that fails must not stop a migration half way: `Options.onEvent` says so.
    if (options.onEvent) (async () => options.onEvent?.(event))().catch(() => {})
    const answer = hooks && (async () => hooks(event))()
    // Nobody else takes what a hook throws that no run waits for.
    answer?.catch(() => {})
    return answer
  }
  const patience = { wait, signal, emit }
  const binding = bindManifest(manifest, options, patience)
  return {
    manifest,
    options,
    ...binding,
    ...strategiesOf(manifest, binding.storages),
    ...patience,
    applied: [],
    planned: new Set(),
    findings: [],
    retries: 3,
  }
}

/**
 * Whether there is nothing to do, from the last entries alone: own key present, nothing staged open, and each target
 * exactly where the state recorded it.
 */
export function isCurrent(run: Run): boolean {
  const { open, satisfied = [] } = run.state.last ?? {}
  return run.several?.isCurrent(run) ?? (open === 0 && satisfied.includes(keyOf(run)))
}

/**
 * What the next entries of a log have from the last one: `open`, and in the state store's `satisfied` and `targets`, which
 * are empty in any other.
 *
 * @param entries those that are written: what is marked, taken back or run again leaves no build satisfied
 */
export function recordFields(
  run: Run,
  storage: Storage,
  complete: boolean,
  entries: readonly Pick<Entry, 'kind' | 'generation'>[] = [],
): Pick<Entry, 'open' | 'satisfied' | 'targets'> {
  const { state, several } = run
  const { open = 0, satisfied: before = [], targets = [] } = storage.last ?? {}
  if (storage !== state) return { open, satisfied: [], targets: [] }
  const satisfied = entries.some(({ kind, generation }) => kind === 'mark' || generation > 1) ? [] : before
  return {
    open,
    satisfied: complete ? withKey(satisfied, keyOf(run)) : satisfied,
    targets: several?.seen(run) ?? targets,
  }
}

/** Grows whenever entries of others are found: a plan that was made before is out of date. */
export function overtakings({ storages }: Run): number {
  return storages.reduce((sum, storage) => sum + storage.overtakings, 0)
}

/** A draft with whatever is usual: nothing, done, a new attempt, now. */
export function draft<Fields extends Partial<Entry> & Pick<Entry, 'kind' | 'target'>>(fields: Fields): Draft & Fields {
  return {
    id: null,
    generation: 0,
    hash: null,
    attempt: uniqueId(),
    done: true,
    satisfied: [],
    open: 0,
    targets: [],
    data: null,
    at: new Date().toISOString(),
    ...fields,
  }
}

export function idsOf(named: readonly { readonly id: Id }[]): readonly Id[] {
  return named.map(({ id }) => id)
}
