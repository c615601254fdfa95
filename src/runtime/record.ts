import { type Run, draft, isCurrent, recordFields } from './run.ts'

/**
 * Writes what the state lacks: records of other storages, else, where this build's work is complete, its key, so that
 * the next boot is cheap. Called before the first migration and after each.
 *
 * @param complete whether the build's work is complete
 */
export async function record(run: Run, complete: boolean): Promise<void> {
  const { state, several } = run
  if (!(await several?.recordMissing(run, complete)) && complete && !isCurrent(run))
    await state.append(() => [
      draft({ kind: 'checked', target: state.target ?? '', ...recordFields(run, state, complete) }),
    ])
}
