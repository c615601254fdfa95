import { broken, isTidiedLater } from './invariants.ts'
import { observed } from './observation.ts'
import type { Outcome } from './outcome.ts'
import { runOnce } from './run.ts'
import type { Placement } from './scenario.ts'
import { stealLeases } from './steal-leases.ts'

/**
 * After a fault: what is there, then a clean run, then one that must find nothing to do.
 *
 * @param outcomes of the runs that met the fault
 * @returns what is broken
 */
export async function aftermath(placement: Placement, outcomes: readonly Outcome[]): Promise<readonly string[]> {
  await stealLeases(placement)
  const before = broken({ moment: 'after-fault', storages: await observed(placement), outcomes })
  const clean = await runOnce(placement)
  const idle = await runOnce(placement)
  const storages = await observed(placement)
  const after = broken({ moment: 'after-clean-run', storages, outcomes: [...outcomes, clean, idle] })
  const isIdle = idle.end === 'resolved' && idle.outcome === 'current' && idle.applied.length === 0
  return [
    ...before,
    ...after,
    ...(clean.end === 'resolved' ? [] : [`the clean run stopped: ${clean.message}`]),
    ...(isIdle ? [] : [`the run after the clean one found work: ${idle.said}`]),
    ...(storages.some(({ leftovers }) => leftovers.some(isTidiedLater)) ? await leftAfterNext(placement) : []),
  ]
}

/**
 * Of a run that died when all was done but the tidying up: no boot looks for that before it has work to do. Then nothing
 * is left.
 */
async function leftAfterNext(placement: Placement): Promise<readonly string[]> {
  const next = await runOnce(placement, { release: 'next' })
  const left = (await observed(placement)).flatMap(({ leftovers }) => leftovers)
  return [
    ...(next.end === 'resolved' ? [] : [`the next release stopped: ${next.message}`]),
    ...left.map((what) => `left over after the next release: ${what}`),
  ]
}
