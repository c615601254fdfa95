import type { Strategy } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import { type Loaded, loadMigration } from '../load.ts'
import { type Run, overtakings } from '../run.ts'
import { strategy } from '../strategies.ts'
import { runUnit } from '../unit.ts'
import { awaited } from './awaited.ts'
import { assertCapable } from './capable.ts'
import { conditional } from './conditions.ts'
import type { TraitRunner } from './runner.ts'
import { endTakingBack, halfTakenBack } from './half-taken-back.ts'
import { isStateless, none } from './stateless.ts'
import { runStateless } from './stateless-unit.ts'
import { runSteps } from './steps.ts'
import { needsLogs, surveyTraits } from './survey.ts'
import { isSentAtOnce, runThenVerify } from './verify-committed.ts'

/** Skipped in this run, by its `when` or because something that it depends on was. */
const skipped = new WeakMap<Run, Set<BoundMigration>>()

async function runWithTraits(run: Run, bound: BoundMigration, complete: boolean): Promise<void> {
  const { id, parents, traits: asked } = bound.migration
  const gone = skipped.get(run) ?? new Set()
  skipped.set(run, gone)
  const skip = (text: string): void => {
    gone.add(bound)
    run.planned.delete(id)
    run.findings.push({ code: 'MIG_R0308', id, text })
    void run.emit({ type: 'skipped', id })
  }
  const before = parents.map((index) => run.migrations[index]).find((parent) => parent && gone.has(parent))
  if (before) return skip(`after ${before.migration.id}`)
  const loaded = await loadMigration(bound)
  try {
    const known = overtakings(run)
    const half = halfTakenBack(bound)
    if (half) await endFirst(run, half, loaded)
    if (overtakings(run) !== known) return
    if (loaded.steps) await runSteps(run, bound, loaded, 'up', complete)
    else if (isStateless(run)) await runStateless(run, bound, conditional(loaded, asked))
    else if (isSentAtOnce(bound)) await runThenVerify(run, bound, loaded, complete)
    else await runUnit(run, { kind: 'up', bound, complete, work: conditional(loaded, asked) })
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'MIG_R0308') throw error
    skip(error.text)
  }
}

/** What is gone by that is still to be applied. */
async function endFirst(run: Run, half: BoundMigration, loaded: Loaded): Promise<void> {
  await endTakingBack(run, half, loaded)
  const { id } = half.migration
  const place = run.applied.findLastIndex((one) => one.id === id)
  if (place >= 0) run.applied.splice(place, 1)
  run.planned.add(id)
}

export const traitRunner: TraitRunner = { assertCapable, needsLogs, survey: surveyTraits, awaited, run: runWithTraits }

/** For manifests whose migrations have traits, or `when`, `probe` or `steps`, or are held. */
const traits: Strategy = strategy({ traits: traitRunner, adapters: { none } })

export default traits
