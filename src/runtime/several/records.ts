import type { Entry, SeenTarget } from '../entry.ts'
import { upData } from '../entry-data.ts'
import { assertHere } from '../identity.ts'
import { exclusively } from '../queue.ts'
import { type Run, recordFields } from '../run.ts'
import type { Draft, Storage } from '../storage.ts'

/** All targets that are bound, but the state's own storage; and those of other applications on the same state store. */
export function seen(run: Run): readonly SeenTarget[] {
  const { state, targets, options } = run
  if (isAlone(run)) return state.last?.targets ?? []
  const bound = targets.flatMap((storage): readonly SeenTarget[] => {
    const { name, target, last } = storage
    if (storage === state || !target || !last) return []
    return [{ name, target, serial: last.serial, tenant: options.tenant ?? null }]
  })
  return withOthers(bound, state.last?.targets ?? [])
}

/** Others may know a storage by another name, or for another tenant: each boots by its own line. */
export function withOthers(own: readonly SeenTarget[], known: readonly SeenTarget[]): readonly SeenTarget[] {
  const isOwn = ({ name, tenant, target }: SeenTarget): boolean =>
    own.some((one) => one.name === name && one.tenant === tenant && one.target === target)
  return [...own, ...known.filter((one) => !isOwn(one))]
}

/**
 * Writes what the state lacks. Markers are the truth and the state store is an index of them: records are missing after
 * a commit on another storage, longer when the runner died before it wrote them, or when the state was lost.
 */
export async function recordMissing(run: Run, complete: boolean): Promise<boolean> {
  // One after the other: what runs side by side would write the same records twice.
  return isAlone(run) ? lacksLog(run) : exclusively([run.state], () => write(run, complete))
}

async function write(run: Run, complete: boolean): Promise<boolean> {
  const { state, targets } = run
  // What commits while the records are written is for the next ones.
  const ends = targets.map((storage) => [storage, storage.nextSerial] as const)
  const missing = targets.flatMap((storage) => unrecorded(state, storage))
  const entries = (): readonly Draft[] => {
    // Whoever puts staged work in place may have read what has closed this store: nothing is behind that.
    assertHere(state, state.entries.slice(-1))
    const fields = recordFields(run, state, complete, missing)
    // The same entries, without the staged work.
    return missing.map((entry) => ({ ...entry, data: { ...upData(entry), redo: [] }, ...fields }))
  }
  if (missing.length > 0 && (await state.append(entries)) === 'taken') return true
  for (const [storage, end] of ends) storage.recorded = end
  return missing.length > 0 || lacksLog(run)
}

/** Whether everything is in one storage, as is usual: what is asked after each migration is easily answered then. */
function isAlone({ state, targets }: Run): boolean {
  return targets.length === 1 && targets[0] === state
}

/** A storage that only held migrations use has no log: nothing can be complete before it has. */
function lacksLog({ storages }: Run): boolean {
  return storages.some(({ last }) => !last)
}

/** Of its own storage the state lacks nothing. */
function unrecorded(state: Storage, { target: own, entries, recorded }: Storage): readonly Entry[] {
  if (own === state.target) return []
  const records = state.standing(own)
  return entries
    .slice(recorded)
    .filter(({ id, target, generation }) => target === own && generation > (records.get(id ?? '')?.generation ?? 0))
}
