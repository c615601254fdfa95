import { expect } from 'vitest'
import { type Id, type Situation, planMigrations, situationOf } from '../../../src/graph.ts'
import type { DjangoAnswer, DjangoStep } from './django-answer.ts'
import { type DjangoCase, settled } from './django-case.ts'
import { codeOf, expectSamePlan } from './django-compare.ts'

/** Django takes targets one after the other, so what it does depends on their order. */
export function orderings(targets: readonly string[]): readonly (readonly string[])[] {
  if (targets.length <= 1) return [targets]
  return targets.flatMap((first, index) => {
    const others = targets.filter((_, other) => other !== index)
    return orderings(others).map((rest) => [first, ...rest])
  })
}

/** Whether Django takes back (`first`) or applies something for one target, and then the other way round for another. */
function turns(plan: readonly DjangoStep[], first: 'down' | 'up'): boolean {
  return plan.some((step, index) => {
    const isFirst = plan.findIndex(({ id }) => id === step.id) === index
    return isFirst && step.down === (first === 'down') && plan.slice(index + 1).some(({ id }) => id === step.id)
  })
}

/**
 * @param answer `several`: for each ordering of the targets.
 * @returns What came of it, for counting.
 */
export function expectSameSeveral(
  drawn: DjangoCase,
  situation: Situation,
  targets: readonly string[],
  answer: DjangoAnswer,
): string {
  const plans = answer.several.map(({ plan }) => plan)
  const ours = codeOf(() => planMigrations(situation, { direction: 'mixed', targets }))
  // In some order Django does for one target what it undoes for another: the last one wins.
  const isContradiction = plans.some((plan) => turns(plan, 'down') || turns(plan, 'up'))
  expect(ours).toBe(isContradiction ? 'MIG_R0409' : undefined)
  if (isContradiction) return 'contradiction'
  const mixed = planMigrations(situation, { direction: 'mixed', targets })
  for (const { plan, recorded } of answer.several) {
    expectSamePlan(situation, mixed, plan, answer)
    const code = codeOf(() => planMigrations(situation, { direction: 'to', targets }))
    expect(code).toBe(recorded === null ? 'MIG_R0405' : undefined)
    if (code === undefined) expect(planMigrations(situation, { direction: 'to', targets })).toEqual(mixed)
    if (recorded !== null) expectDone(drawn, situation, targets, recorded)
  }
  const isMixed = mixed.up.length > 0 && mixed.down.length > 0
  return isMixed ? 'mixed' : mixed.up.length + mixed.down.length > 0 ? 'one direction' : 'nothing'
}

/** After Django ran it there is nothing left to do for us. */
function expectDone(
  drawn: DjangoCase,
  { graph, active }: Situation,
  targets: readonly string[],
  recorded: readonly Id[],
): void {
  const squashes = new Set(drawn.squashes.map(({ id }) => id))
  const present = new Set(drawn.migrations.map(({ id }) => id))
  // Django 3.2 records what an outer squash lists and nothing inside it, and would run it again and again.
  if (drawn.squashes.some(({ replaces }) => replaces.some((id) => squashes.has(id)))) return
  // Django 3.2 leaves the row of a squash that it takes back, and knows better by the rows of what it replaces.
  const rows = recorded.filter((id) => !squashes.has(id) || !present.has(id))
  const after = situationOf(graph, settled(drawn, rows))
  // What completes a squash makes another graph, in which the targets may have other names.
  if (after.active.some((mark, position) => mark !== active[position])) return
  expect(planMigrations(after, { direction: 'mixed', targets })).toEqual({ down: [], up: [] })
}
