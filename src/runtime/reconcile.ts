import { upData } from './entry-data.ts'
import { type Run, recordFields } from './run.ts'

/**
 * Writes the records that the state lacks: markers are the truth and the state store is an index of them. They are
 * missing after a commit on another storage, longer when the runner died before it wrote the record, or when the state
 * was lost.
 *
 * @param complete whether the build's work is complete
 */
export async function reconcile(run: Run, complete: boolean): Promise<void> {
  const { state, targets } = run
  const missing = targets.flatMap((storage) =>
    [...storage.ups(storage.target)].flatMap(([id, up]) => (state.ups(storage.target).has(id) ? [] : [up])),
  )
  if (missing.length === 0) return
  const fields = { open: state.last?.open ?? 0, ...(await recordFields(run, state, complete)) }
  // The same entries, without the staged work.
  await state.append(missing.map((up) => ({ ...up, data: { ms: upData(up).ms, redo: [] }, ...fields })))
}
