import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, TANGLED, cases } from './alembic-cases.ts'
import { pickLabel, sorted } from './alembic-names.ts'
import { askAlembic, planOurs, situationOfCase, valueOf } from './alembic-sides.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('alembic', 'python3-alembic')
const graphs = cases(TANGLED)
const RUNS = { numRuns: 300 }

const DIAMOND: Omit<Case, 'applied'> = {
  migrations: [
    { name: 'root', parents: [], labels: [] },
    { name: 'left', parents: ['root'], labels: ['left-label'] },
    { name: 'right', parents: ['root'], labels: [] },
    { name: 'merge', parents: ['left', 'right'], labels: [] },
  ].map((each, index) => ({ ...each, index, package: 'p', dependsOn: [] })),
  packages: [{ name: 'p', dependencies: [] }],
}

describe.skipIf(python === undefined)('targets as Alembic', () => {
  let peer: Peer
  beforeAll(() => {
    peer = new Peer(python ?? '', 'alembic.py')
  })
  afterAll(() => peer.end())

  it('finds what a begin of a name means, or that it means nothing or several', async () => {
    const seen = { found: 0, unknown: 0, ambiguous: 0 }
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 })
    const target = fc.oneof(text, fc.tuple(fc.nat(), fc.integer({ min: 1, max: 6 })))
    await fc.assert(
      fc.asyncProperty(graphs, target, async (drawn, choice) => {
        const [pick, length] = typeof choice === 'string' ? [0, 0] : choice
        const begin = drawn.migrations[pick % drawn.migrations.length]?.name.slice(0, length) ?? ''
        const name = typeof choice === 'string' ? choice : begin
        const { answers } = await askAlembic(peer, drawn, 'written', ['upgrade', name], ['revisions', name])
        const [answer, meaning] = answers
        const ours = planOurs(situationOfCase(drawn), { direction: 'up', targets: name })
        if (answer.error === undefined) {
          expect(ours).toMatchObject({ code: undefined, down: [] })
          expect(sorted(ours.up)).toEqual(sorted(answer.value.plan))
          seen.found++
        } else if (ours.code === 'MIG_R0401') {
          expect(meaning.error === undefined ? '' : meaning.message).toContain('No such revision or branch')
          seen.unknown++
        } else {
          expect(ours.code).toBe('MIG_R0402')
          expect(meaning.error === undefined ? '' : meaning.message).toContain('Multiple revisions start with')
          seen.ambiguous++
        }
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('refuses names of branches where Alembic guesses: a label alone, a migration as a branch', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const label = pickLabel(drawn, pick)
        fc.pre(label !== undefined)
        const carrier = drawn.migrations.find(({ labels }) => labels.includes(label))?.name
        const ask = [
          ['revisions', label],
          ['revisions', `${carrier}@heads`],
          ['revisions', 'nothing@heads'],
        ] as const
        const { answers } = await askAlembic(peer, drawn, 'written', ...ask)
        expect(valueOf(answers[0])).toEqual([carrier])
        expect(valueOf(answers[1]).length).toBeGreaterThan(0)
        expect(answers[2].error).toBe('ResolutionError')
        const situation = situationOfCase(drawn)
        for (const targets of [label, `${carrier}@head`, 'nothing@head'])
          expect(planOurs(situation, { direction: 'up', targets }).code).toBe('MIG_R0401')
      }),
      RUNS,
    )
  })

  it.each([
    ['of all that is applied, one can go', 'root left right merge', 'down', '-1', ['merge'], 'Ambiguous walk'],
    ['of all that is pending, one can come', 'root left right', 'up', '+1', ['merge'], 'Ambiguous upgrade'],
    ['where two can go, nothing is guessed', 'root left right', 'down', '-1', 'MIG_R0403', ['left']],
    ['a step of a label leaves the trunk alone', 'root', 'down', 'left-label@-1', 'MIG_R0404', ['root']],
    ['the base of a label does so', 'root left right', 'down', 'left-label@base', ['left'], ['left', 'right', 'root']],
    ['up never goes back a step', 'root left', 'up', '-1', 'MIG_R0405', "didn't produce 1 migrations"],
    ['up never goes back to nothing', 'root left', 'up', 'base', 'MIG_R0405', []],
    ['down never goes up a step', 'root left', 'down', '+1', 'MIG_R0405', "didn't produce 1 migrations"],
    ['down never goes to what is last', 'root left right merge', 'down', 'heads', 'MIG_R0405', []],
  ] as const)('differs on purpose: %s', async (_, applied, direction, target, ours, theirs) => {
    const drawn = { ...DIAMOND, applied: applied.split(' ') }
    const ask = [direction === 'up' ? 'upgrade' : 'downgrade', target] as const
    const { answers } = await askAlembic(peer, drawn, 'written', ask)
    const plan = planOurs(situationOfCase(drawn), { direction, targets: target })
    expect(plan.code ?? plan[direction]).toEqual(ours)
    const [answer] = answers
    if (answer.error === undefined) expect(sorted(answer.value.plan)).toEqual(theirs)
    else expect(answer.message).toContain(theirs)
  })
})
