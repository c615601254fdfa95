import type { Id } from '../graph/manifest.ts'
import { catchUp } from '../runtime/migrate.ts'
import { type Run, draft, overtakings, recordFields } from '../runtime/run.ts'
import type { Draft, Storage } from '../runtime/storage.ts'
import { establish } from './establish.ts'

/**
 * Announces, in the log of every other target, that the next entry of one takes migrations back: something that comes
 * after them could run there, of a newer build too. A serial guards one log: whoever planned such a dependent before has
 * its place taken now, and whoever plans one from here on takes the announced place first.
 *
 * @param committer the target on whose log it will be
 * @param ids under which that log has them
 * @returns whether the announced place is still free and nothing was written meanwhile; else plan again
 */
export async function announce(run: Run, committer: Storage, ids: readonly Id[]): Promise<boolean> {
  const known = overtakings(run)
  const others = run.targets.filter((storage) => storage !== committer)
  // Where there is no log yet, a dependent could begin it.
  await establish(run)
  if (overtakings(run) !== known) return false
  const data = { target: committer.target ?? '', serial: committer.nextSerial }
  for (const storage of others) {
    const intents = (): readonly Draft[] => {
      const fields = { target: storage.target ?? '', data, ...recordFields(run, storage, false) }
      return ids.map((id) => draft({ kind: 'intent', id, ...fields }))
    }
    if ((await storage.append(intents)) === 'taken') return false
  }
  if (others.length > 0) await catchUp(run)
  return overtakings(run) === known
}
