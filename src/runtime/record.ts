import { upData } from './entry-data.ts'
import { type Run, draft, isCurrent, recordFields } from './run.ts'

/**
 * Writes what the state lacks. Markers are the truth and the state store is an index of them: records are missing after
 * a commit on another storage, longer when the runner died before it wrote them, or when the state was lost. Where none
 * is missing, its log ends with this build's key, so that the next boot is cheap.
 *
 * @param complete whether the build's work is complete
 */
export async function record(run: Run, complete: boolean): Promise<void> {
  const { state, targets, storages } = run
  // Of its own storage the state lacks nothing: this is called after every migration.
  const missing = targets.flatMap((storage) =>
    storage === state ? [] : [...storage.markers].flatMap(([id, up]) => (state.ups(storage.target).has(id) ? [] : up)),
  )
  const fields = { open: state.last?.open ?? 0, ...recordFields(run, state, complete) }
  // The same entries, without the staged work.
  const entries = missing.map((up) => ({ ...up, data: { ms: upData(up).ms, redo: [] }, ...fields }))
  if (missing.length > 0) await state.append(entries)
  else if (complete && storages.every(({ last }) => last) && !isCurrent(run))
    await state.append([draft({ kind: 'checked', target: state.target ?? '', ...fields })])
}
