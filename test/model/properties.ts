import { happened, partsOf, presenceIn } from './effect.ts'
import { type Entry, entriesOf, textOf } from './entry.ts'
import type { Role, Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** What must hold of logs and effects, each with the words that it is told in. */
export function brokenProperty(scenario: Scenario, world: World): string | undefined {
  return (
    tookEffectTwice(world) ??
    outOfOrder(scenario, world) ??
    withoutEffect(scenario, world) ??
    unclearTwice(scenario, world)
  )
}

function tookEffectTwice({ effects }: World): string | undefined {
  const twice = effects.map((all) => happened(all).twice).find((effect) => effect !== undefined)
  return twice && `part ${twice[1]} of m${twice[0]} g${twice[2]} took effect twice`
}

function outOfOrder(scenario: Scenario, world: World): string | undefined {
  const { whole, any } = presenceIn(scenario, world)
  for (const [id, { parents }] of scenario.migrations.entries())
    for (const parent of parents)
      if ((any & (1 << id)) !== 0 && (whole & (1 << parent)) === 0)
        return `m${id} has effect, and m${parent}, on which it depends, is not in place`
  return undefined
}

/** An entry that says more than what happened: in the log of the storage that it tells of, or as a record elsewhere. */
function withoutEffect(scenario: Scenario, { logs, effects }: World): string | undefined {
  for (const [storage, log] of logs.entries())
    for (const entry of entriesOf(log))
      if (isAhead(scenario, logs, effects, storage, entry))
        return `T${storage} says "${textOf(entry)}", and it is not so`
  return undefined
}

function isAhead(
  scenario: Scenario,
  logs: World['logs'],
  effects: World['effects'],
  storage: number,
  { kind, target, names, ...entry }: Entry,
): boolean {
  const isSettled = kind === 'settled'
  if (!isSettled && kind !== 'up' && kind !== 'down') return false
  const { id, generation } = isSettled ? (entriesOf(logs[target] ?? '')[names] ?? entry) : entry
  const participants = scenario.migrations[id]?.participants ?? []
  return partsOf(scenario, id).some((part) => {
    const isDeferred = participants.includes(part.storage)
    // Of its own log a committer says last that all is in place.
    if (isSettled ? part.storage !== storage && target !== storage : isDeferred) return false
    return (happened(effects[part.storage] ?? '').last.get(`${id}${part.part}`) ?? 0) < generation
  })
}

/** Of statements at most one is unclear. */
function unclearTwice({ migrations }: Scenario, { logs }: World): string | undefined {
  for (const [id, { committer, statements }] of migrations.entries()) {
    const last = Array.from({ length: statements }, (_, statement) =>
      entriesOf(logs[committer] ?? '').findLast((entry) => entry.id === id && entry.step === statement),
    )
    if (last.filter((entry) => entry?.kind === 'begin').length > 1) return `several statements of m${id} are unclear`
  }
  return undefined
}

/** What must hold of what runs say. */
export function wrongAnswer(scenario: Scenario, { runners }: World): string | undefined {
  for (const [index, { at, met }] of runners.entries()) {
    const wanted = wantedBy(scenario.runners[index])
    if (at === 'damaged') return `R${index} finds staged work missing`
    if (at === 'inconsistent') return `R${index} stops at an inconsistent history that never was`
    if (at === 'ok' && (met & wanted) !== wanted)
      return `R${index} says ok, and not everything was in place during its run`
  }
  return undefined
}

/** The migrations that a run is to apply, as bits. */
function wantedBy(role: Role | undefined): number {
  return role?.kind === 'migrate' ? (1 << role.migrations) - 1 : 0
}
