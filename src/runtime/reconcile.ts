import { type Run, recordFields } from './run.ts'
import { recordOf } from './unit.ts'

/**
 * Writes the records that the state lacks: markers are the truth and the state store is an index of them. They are
 * missing when a runner died between a commit and its record, or when the state was lost.
 *
 * @returns `taken` when another process was first: catch up and plan again
 */
export async function reconcile(run: Run): Promise<'appended' | 'taken'> {
  const { state, targets } = run.binding
  const missing = targets.flatMap((storage) => {
    if (storage === state || storage.target === null) return []
    const records = state.ups(storage.target)
    return [...storage.ups(storage.target).values()].filter(({ id }) => id !== null && !records.has(id))
  })
  if (missing.length === 0) return 'appended'
  const fields = await recordFields(run, state, false)
  return state.append(missing.map((up) => recordOf(up, state.last?.open ?? 0, fields)))
}
