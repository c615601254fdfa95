import type { Id } from '../../src/graph/manifest.ts'
import { broken } from '../faults/invariants.ts'
import { IDS, expectedIn } from '../faults/manifest.ts'
import { type Observed, observed } from '../faults/observation.ts'
import { runOnce } from '../faults/run.ts'
import type { Placement } from '../faults/scenario.ts'
import type { Report } from './member.ts'

/** In a verdict: a migration was committed more than once. Staged work is put in place once nevertheless. */
export const TWICE = /(I1 [^\n]*: ([2-9]|\d\d+) effects|I2 [^\n]*: ([2-9]|\d\d+) markers) of/

/** What is wrong after a crowd whose processes all bring the same migrations, in words. */
export async function verdict(placement: Placement, reports: readonly Report[]): Promise<readonly string[]> {
  const outcomes = reports.map(({ outcome }) => outcome)
  const storages = await observed(placement)
  const idle = await runOnce(placement)
  const isIdle = idle.end === 'resolved' && idle.outcome === 'current' && idle.applied.length === 0
  return [
    ...broken({ moment: 'after-clean-run', storages, outcomes }),
    ...told(reports, IDS),
    ...leftIn(storages),
    ...(isIdle ? [] : [`a run after the crowd found work: ${idle.said}`]),
  ]
}

/** The same where some bring a later release, with one more migration of both storages. */
export async function verdictOfReleases(placement: Placement, reports: readonly Report[]): Promise<readonly string[]> {
  const storages = await observed(placement)
  const next = 'app:0005_next'
  return [
    ...told(reports, [...IDS, next]),
    ...leftIn(storages),
    ...storages.flatMap(({ role, effects, log }) => {
      const expected = role === 'state' ? [] : [...expectedIn(role), next]
      const gap = log.findIndex(({ serial, done }, index) => serial !== index || !done)
      return [
        ...(effects.join() === expected.join() ? [] : [`${role} has the effects ${effects.join()}`]),
        ...(gap < 0 ? [] : [`${role}: the log is broken at ${gap}`]),
      ]
    }),
  ]
}

/** All ended well, and what they say that they did is everything, once. */
function told(reports: readonly Report[], ids: readonly Id[]): readonly string[] {
  const applied = reports.flatMap(({ outcome }) =>
    outcome.end === 'resolved' ? outcome.applied.map(({ id }) => id) : outcome.applied,
  )
  return [
    ...reports.flatMap(({ outcome }) => (outcome.end === 'resolved' ? [] : [`one stopped: ${outcome.said}`])),
    ...(applied.toSorted().join() === ids.join() ? [] : [`all together say that they applied ${applied.join()}`]),
  ]
}

function leftIn(storages: readonly Observed[]): readonly string[] {
  return storages.flatMap(({ role, leftovers }) => leftovers.map((what) => `left over in ${role}: ${what}`))
}

/** How many of a crowd began before the work was over: without them it proves nothing. */
export function contenders(reports: readonly Report[]): number {
  const end = Math.max(...reports.flatMap(({ outcome, ended }) => (outcome.applied.length > 0 ? [ended] : [])))
  return reports.filter(({ begun }) => begun < end).length
}
