import { keyOf } from '../key.ts'
import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'
import { assertSameInstallation } from './identity.ts'
import { ranks } from './ranks.ts'

/**
 * All at once; with `trust: 'state'` the state's alone, as long as that says that there is nothing to do.
 *
 * @throws MigrationError `MIG_R0103` where they are not of one installation
 */
export async function readHeads(run: Run): Promise<void> {
  const { state, options } = run
  const all = ranks(run)
  const trusted = options.trust === 'state' ? [state] : []
  await Promise.all(trusted.map((storage) => storage.readHead()))
  if (trusted.length > 0 && isCurrent(run)) return assertSameInstallation(run)
  for (const storages of all)
    await Promise.all(storages.map((storage) => trusted.includes(storage) || storage.readHead()))
  assertSameInstallation(run)
}

/** Own key present, nothing staged open, and each target exactly where the state recorded it. */
export function isCurrent(run: Run): boolean {
  const { state, targets } = run
  const { open, satisfied = [] } = state.last ?? {}
  const known = targets.map((storage) => (storage === state ? storage : asRecorded(run, storage)))
  const recorded = known.flatMap((target) => target ?? [])
  return open === 0 && recorded.length === targets.length && satisfied.includes(keyOf({ ...run, targets: recorded }))
}

/** A target where the state recorded it and with nothing open; with `trust: 'state'` also one that nobody has read. */
function asRecorded({ state, options }: Run, { name, target, last }: Storage): { readonly target: string } | undefined {
  const { tenant = null, trust } = options
  if (trust === 'state' && !last)
    return state.last?.targets.find((known) => known.name === name && known.tenant === tenant)
  return state.last?.targets.find(
    (known) => last?.open === 0 && known.name === name && known.target === target && known.serial === last.serial,
  )
}
