import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINES, ONE_LINE, TANGLED, WOVEN, cases } from './alembic-cases.ts'
import { pickLabel, pickName, sorted } from './alembic-names.ts'
import { type Answer, askAlembic, idOf, planOurs, situationOfCase, valueOf } from './alembic-sides.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('alembic', 'python3-alembic')
const graphs = fc.oneof(cases(TANGLED), cases(WOVEN))
const RUNS = { numRuns: 300 }

const STEPS = fc.oneof(fc.constantFrom(1, -1), fc.integer({ min: 1, max: 4 }), fc.integer({ min: -4, max: -1 }))
const signed = (steps: number): string => (steps > 0 ? `+${steps}` : `${steps}`)

/** Which of our codes says the same as Alembic. What it does not foresee ends in one of its assertions. */
function codeOf({ error, message }: Answer<unknown> & { readonly error: string }): string {
  if (message.includes('Ambiguous')) return 'MIG_R0403'
  if (message.includes("didn't produce") || message.includes('Walked too far')) return 'MIG_R0404'
  if (message.includes('not a valid downgrade target')) return 'MIG_R0408'
  return error
}

describe.skipIf(python === undefined)('steps as Alembic', () => {
  let peer: Peer
  beforeAll(() => {
    peer = new Peer(python ?? '', 'alembic.py')
  })
  afterAll(() => peer.end())

  it.each([
    ['one line', ONE_LINE, ''],
    ['the line of a label', LINES, 'label@'],
    ['the line of a package', LINES, 'package@'],
  ] as const)('go alike on %s, as far as there is one', async (_, shape, scope) => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(cases(shape), STEPS, fc.nat(), async (drawn, steps, pick) => {
        // Alembic knows no packages: there, a label at the first migration stands for each.
        const migrations = drawn.migrations.map((each, at) => {
          return { ...each, labels: each.parents.length === 0 ? [`L${at}`] : [] }
        })
        const first = migrations.filter(({ labels }) => labels.length > 0)
        const { labels, package: owner } = first[pick % first.length] ?? { labels: [], package: '' }
        const theirs = `${scope === '' ? '' : `${labels[0]}@`}${signed(steps)}`
        const mine = scope === '' ? theirs : `${scope === 'label@' ? labels[0] : owner}@${signed(steps)}`
        const kind = steps > 0 ? 'upgrade' : 'downgrade'
        const { answers } = await askAlembic(peer, { ...drawn, migrations }, 'written', [kind, theirs])
        const direction = steps > 0 ? 'up' : 'down'
        const ours = planOurs(situationOfCase({ ...drawn, migrations }), { direction, targets: mine })
        const [answer] = answers
        seen.set(ours.code ?? 'planned', (seen.get(ours.code ?? 'planned') ?? 0) + 1)
        if (answer.error === undefined) expect(ours).toMatchObject({ code: undefined, [direction]: answer.value.plan })
        // Down from a line of which nothing is applied ends in an assertion of Alembic.
        else if (answer.error === 'AssertionError') expect(ours.code).toBe('MIG_R0404')
        else expect(ours.code).toBe(codeOf(answer))
      }),
      RUNS,
    )
    expect(sorted(seen.keys())).toEqual(['MIG_R0404', 'planned'])
  })

  it('go alike from a named migration', async () => {
    const seen = { ambiguous: 0, tooFar: 0, before: 0, missing: 0, planned: 0 }
    const directions = fc.constantFrom('up', 'down')
    await fc.assert(
      fc.asyncProperty(cases(TANGLED), directions, STEPS, fc.nat(), async (drawn, direction, steps, pick) => {
        const name = pickName(drawn, pick)
        const walks = [
          ['walk', name, steps],
          ['walk', name, steps + 1],
        ] as const
        const { answers } = await askAlembic(peer, drawn, 'reduced', ...walks)
        const situation = situationOfCase(drawn)
        const ours = planOurs(situation, { direction, targets: `${name}${signed(steps)}` })
        const whole = `${idOf(drawn.migrations, name)}${signed(steps)}`
        expect(planOurs(situation, { direction, targets: whole })).toEqual(ours)
        const [walk, short] = answers
        if (walk.error !== undefined) {
          expect(ours.code).toBe(codeOf(walk))
          seen.ambiguous++
        } else if (walk.value === null) {
          expect(ours.code).toBe('MIG_R0404')
          seen.tooFar++
        } else if (walk.value === 'base') {
          // Alembic takes back every other tree as well, or fails going up; ours leaves alone what the target does not name.
          const taken = await askAlembic(peer, drawn, 'inside', ['take_back', [valueOf(short)]])
          const down = direction === 'down' ? valueOf(taken.answers[0]) : []
          expect({ ...ours, down: sorted(ours.down) }).toEqual({ code: undefined, up: [], down })
          seen.before++
        } else {
          expect(ours).toEqual(planOurs(situation, { direction, targets: walk.value }))
          const ask = [direction === 'up' ? 'upgrade' : 'downgrade', `${name}${signed(steps)}`] as const
          const planned = await askAlembic(peer, drawn, 'reduced', ask)
          const [plan] = planned.answers
          if (plan.error === undefined) expect(sorted(ours[direction])).toEqual(sorted(plan.value.plan))
          if (ours.code !== undefined) expect(ours.code).toBe(plan.error === undefined ? undefined : codeOf(plan))
          seen[ours.code === undefined ? 'planned' : 'missing']++
        }
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it.each(['everything', 'label', 'package'] as const)('apply or take back one of %s each', async (kind) => {
    const seen = { ambiguous: 0, tooFar: 0, planned: 0, same: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, STEPS, fc.nat(), async (drawn, steps, pick) => {
        const label = pickLabel(drawn, pick)
        fc.pre(kind !== 'label' || label !== undefined)
        const owner = drawn.migrations[pick % drawn.migrations.length]?.package
        const branch = kind === 'label' ? await askAlembic(peer, drawn, 'reduced', ['branch', label]) : undefined
        const scope = branch
          ? valueOf(branch.answers[0])
          : drawn.migrations.filter((each) => kind === 'everything' || each.package === owner).map(({ name }) => name)
        const text = { everything: '', label: `${label}@`, package: `${owner}@` }[kind] + signed(steps)
        const direction = steps > 0 ? 'up' : 'down'
        const ask = [
          ['steps', scope, steps],
          [steps > 0 ? 'upgrade' : 'downgrade', text],
        ] as const
        const { answers } = await askAlembic(peer, drawn, 'inside', ...ask)
        const [single, walk] = answers
        const ours = planOurs(situationOfCase(drawn), { direction, targets: text })
        const { options, plan: expected } = valueOf(single)
        if (expected === undefined) {
          expect(ours.code).toBe(options === 0 ? 'MIG_R0404' : 'MIG_R0403')
          seen[options === 0 ? 'tooFar' : 'ambiguous']++
          return
        }
        expect(ours.code).toBe(undefined)
        expect(sorted(ours[direction])).toEqual(expected)
        seen.planned++
        if (kind === 'package' || walk.error !== undefined) return
        // Alembic counts along `down_revision`, so that one step of its may be several migrations of the branch, or one
        // of the trunk below. A step of ours is always one of the branch, and what it needs.
        const counted = walk.value.plan.filter((name) => scope.includes(name)).length
        if (counted >= Math.abs(steps)) expect(walk.value.plan).toEqual(expect.arrayContaining([...expected]))
        if (counted === Math.abs(steps)) expect(sorted(walk.value.plan)).toEqual(expected)
        if (counted === Math.abs(steps)) seen.same++
      }),
      // Steps past migrations of other packages are rare.
      { numRuns: 1200 },
    )
    // Rare for labels, whose branches are small.
    if (kind !== 'label') expect(seen.ambiguous).toBeGreaterThan(0)
    if (kind !== 'package') expect(seen.same).toBeGreaterThan(0)
    expect(Math.min(seen.tooFar, seen.planned)).toBeGreaterThan(0)
  })
})
