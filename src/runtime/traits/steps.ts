import type { Id } from '../../graph/manifest.ts'
import type { BoundMigration } from '../binding.ts'
import { entriesAbout } from '../entries-about.ts'
import type { Entry, StepData } from '../entry.ts'
import type { Json } from '../handles.ts'
import type { Loaded, LoadedStep } from '../load.ts'
import { type Run, overtakings } from '../run.ts'
import type { Storage } from '../storage.ts'
import { runUnit } from '../unit.ts'
import { conditional } from './conditions.ts'

type Context = Parameters<LoadedStep['up']>[0]

/** An id, and the generation that ends what has begun under it. */
type Begun = readonly [Id, number]

/** What has begun under a former id goes on, until the migration has come to an end under the present one. */
function begunNames(bound: BoundMigration): readonly Begun[] {
  const { id, formerly } = bound.migration
  const former = bound.committer.standing().has(id) ? [] : formerly
  return [id, ...former].map((name): Begun => [name, nextGeneration(bound, name)])
}

function nextGeneration({ committer }: BoundMigration, id: Id): number {
  return (committer.standing().get(id)?.generation ?? 0) + 1
}

/**
 * Runs what is left of a migration's steps, each time in a unit of its own with an entry of its own, and last the unit
 * that says that all is applied. A step that gives back a checkpoint runs again with it, until it gives back nothing: that
 * is how a long change of data resumes. Ends early where another process was first.
 *
 * @param direction `down` goes through the steps from the last, each with its `down`
 */
export async function runSteps(
  run: Run,
  bound: BoundMigration,
  { steps: own = [], when, verify }: Loaded,
  direction: 'up' | 'down',
  complete: boolean,
): Promise<void> {
  const known = overtakings(run)
  // Asked once: what the steps have changed already may be what it asks for.
  const asking: LoadedStep = { name: '', up: async (context: Context) => void (await conditional({ when })(context)) }
  const steps = when && direction === 'up' ? [asking, ...own] : own
  const { id } = bound.migration
  const generation = nextGeneration(bound, id)
  const names = direction === 'up' ? begunNames(bound) : ([[id, generation]] as const)
  for (const step of direction === 'up' ? steps : steps.toReversed()) {
    const part = partOf(bound, step)
    for (;;) {
      const before = lastOf(part.committer, names, step)
      if (before && !('checkpoint' in before)) break
      const { checkpoint } = before ?? {}
      await runUnit(run, {
        kind: 'step',
        bound: part,
        complete: false,
        // Where its probe has said no, a statement that may have taken effect may run again.
        mayRepeat: (direction === 'up' && step.probe !== undefined) || undefined,
        work: async (context) => {
          const next = await perform(step, direction, Object.assign({ checkpoint }, context))
          return { step: step.name, generation, ...(next === undefined ? {} : { checkpoint: next }) }
        },
      })
      if (overtakings(run) !== known) return
    }
  }
  await runUnit(run, { kind: direction, bound, complete, work: conditional(direction === 'up' ? { verify } : {}) })
}

async function perform(step: LoadedStep, direction: 'up' | 'down', context: Context): Promise<Json | undefined> {
  if (direction === 'up') return (await step.probe?.(context)) ? undefined : step.up(context)
  if (step.down) await step.down(context)
  return undefined
}

/** The migration as one of its steps sees it: with its traits, and the roles that the step names, or all. */
function partOf(bound: BoundMigration, { name }: LoadedStep): BoundMigration {
  const { traits } = bound.migration
  const { uses, ...own } = traits?.steps?.find((step) => step.name === name) ?? {}
  const roles = uses ? bound.roles.filter(({ role }) => uses.includes(role)) : bound.roles
  const storages = [...new Set(roles.map(({ storage }) => storage))]
  const committer = storages.find(({ adapter }) => !adapter.capabilities.deferred) ?? storages[0] ?? bound.committer
  const migration = { ...bound.migration, traits: { ...traits, ...own } }
  return { ...bound, migration, roles, storages, committer }
}

/** What the last unit of a step left behind, of this try to apply the migration. */
function lastOf(storage: Storage, names: readonly Begun[], step: LoadedStep): StepData | undefined {
  const found = names.map(([id, generation]) => {
    const isIts = ({ kind, target, data }: Entry): boolean => {
      const about = Object(data) as StepData
      return kind === 'step' && target === storage.target && about.generation === generation && about.step === step.name
    }
    return entriesAbout(storage, id).findLast(isIts)
  })
  return found.find((entry) => entry !== undefined)?.data as StepData | undefined
}
