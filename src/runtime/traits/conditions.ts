import type { Traits } from '../../graph/manifest.ts'
import { MigrationError } from '../errors.ts'
import type { Loaded, Work } from '../load.ts'

/**
 * The work of a migration behind its conditions, all of it in one unit: what `when` and `probe` saw is still so when the
 * work is done.
 *
 * @param traits whose number is noted, for whoever asks whether a repeatable has to run again
 * @throws MigrationError `MIG_R0308` where `when` says no, so that nothing is committed
 */
export function conditional({ when, probe, up, verify }: Partial<Loaded>, { revision }: Traits = {}): Work<object> {
  return async (context) => {
    if (when && !(await when(context))) throw new MigrationError('MIG_R0308', 'when: false')
    const isDone = probe !== undefined && (await probe(context))
    if (!isDone) await up?.(context)
    await verify?.(context)
    return { ...(isDone ? { probed: true } : {}), ...(revision === undefined ? {} : { revision }) }
  }
}
