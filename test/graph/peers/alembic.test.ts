import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bases, effectiveHeads, heads } from '../../../src/graph.ts'
import { type Case, TANGLED, cases, isValidOrder, withNeeded } from './alembic-cases.ts'
import { type AlembicPlan, askAlembic, buildOurs, idOf, planOurs, situationOfCase, valueOf } from './alembic-sides.ts'
import { namesOf, pickLabel, pickName, sorted } from './alembic-names.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('alembic', 'python3-alembic')
const graphs = cases(TANGLED)
const RUNS = { numRuns: 300 }

/** Some edge leads where others lead too. */
function hasImpliedEdges({ migrations }: Case): boolean {
  return migrations.some(({ parents, dependsOn }) => {
    const all = [...parents, ...dependsOn]
    return all.some((each) => all.some((other) => other !== each && withNeeded(migrations, [other]).includes(each)))
  })
}

describe.skipIf(python === undefined)('Alembic', () => {
  let peer: Peer
  beforeAll(() => {
    peer = new Peer(python ?? '', 'alembic.py')
  })
  afterAll(() => peer.end())

  it('has the same heads and bases: of everything, of each package, of each label', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (drawn) => {
        const { graph, problems } = buildOurs(drawn)
        const { migrations } = drawn
        const written = await askAlembic(peer, drawn, 'written', ['heads'])
        const [realHeads, realBases] = valueOf(written.answers[0])
        expect(namesOf(heads(graph))).toEqual(sorted(realHeads))
        expect(namesOf(bases(graph))).toEqual(sorted(realBases))
        expect(namesOf(effectiveHeads(situationOfCase(drawn)))).toEqual(written.rows)

        const inside = await askAlembic(peer, drawn, 'inside', ['heads'])
        const [, , treeHeads, treeBases] = valueOf(inside.answers[0])
        const several = new Set<string>()
        for (const { name } of drawn.packages) {
          const isMine = (each: string): boolean => idOf(migrations, each) === `${name}:${each}`
          expect(namesOf(heads(graph, { package: name }))).toEqual(sorted(treeHeads.filter(isMine)))
          expect(namesOf(bases(graph, { package: name }))).toEqual(sorted(treeBases.filter(isMine)))
          if (treeHeads.filter(isMine).length > 1) several.add(name)
        }
        const told = problems.map((problem) => (problem.kind === 'several-heads' ? problem.package : problem.kind))
        expect(sorted(told)).toEqual(sorted(several))

        for (const label of migrations.flatMap(({ labels }) => labels)) {
          const { answers } = await askAlembic(peer, drawn, 'inside', ['revisions', `${label}@heads`])
          expect(namesOf(heads(graph, { label }))).toEqual(sorted(valueOf(answers[0])))
        }
      }),
      RUNS,
    )
  })

  it('plans the same upgrades, and is left with the same heads', async () => {
    const seen = { compared: 0, implied: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), async (drawn, picks) => {
        const situation = situationOfCase(drawn)
        const compare = (targets: string | readonly string[], { plan, rows }: AlembicPlan): void => {
          const ours = planOurs(situation, { direction: 'up', targets })
          expect(ours).toMatchObject({ code: undefined, down: [] })
          expect(sorted(ours.up)).toEqual(sorted(plan))
          expect(isValidOrder(drawn.migrations, ours.up)).toBe(true)
          expect(isValidOrder(drawn.migrations, plan)).toBe(true)
          const after = situationOfCase({ ...drawn, applied: [...drawn.applied, ...plan] })
          // Alembic merges its rows by direct edges, and stumbles over those that others imply.
          if (!hasImpliedEdges(drawn)) expect(namesOf(effectiveHeads(after))).toEqual(rows)
          seen[hasImpliedEdges(drawn) ? 'implied' : 'compared']++
        }
        const names = picks.map((pick) => pickName(drawn, pick))
        const ask = names.map((name) => ['upgrade', name] as const)
        const { answers } = await askAlembic(peer, drawn, 'written', ['upgrade', 'heads'], ['upgrade', names], ...ask)
        const [everything, together, ...single] = answers
        compare('heads', valueOf(everything))
        for (const [at, name] of names.entries()) {
          const answer = single[at]
          if (answer) compare(name, valueOf(answer))
          if (answer) compare(idOf(drawn.migrations, name), valueOf(answer))
        }
        // Alembic refuses a target together with its ancestor; going up, that asks for nothing contradictory.
        if (together.error === undefined) compare(names, together.value)
        else expect(together.message).toContain('overlaps')
        const all = single.flatMap((answer) => valueOf(answer).plan)
        expect(sorted(planOurs(situation, { direction: 'up', targets: names }).up)).toEqual(sorted(new Set(all)))
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('upgrades branches alike; where a label has several heads, ours means all, as `<label>@heads`', async () => {
    const seen = { one: 0, several: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const label = pickLabel(drawn, pick)
        fc.pre(label !== undefined)
        const { answers } = await askAlembic(
          peer,
          drawn,
          'inside',
          ['upgrade', `${label}@head`],
          ['revisions', `${label}@heads`],
        )
        const [one, branchHeads] = answers
        const each = valueOf(branchHeads).map((name) => ['upgrade', name] as const)
        const upgrades = await askAlembic(peer, drawn, 'inside', ['upgrade', `${label}@heads`], ...each)
        const [together, ...single] = upgrades.answers
        const ours = planOurs(situationOfCase(drawn), { direction: 'up', targets: `${label}@head` })
        expect(ours).toMatchObject({ code: undefined, down: [] })
        expect(sorted(ours.up)).toEqual(sorted(new Set(single.flatMap((answer) => valueOf(answer).plan))))
        if (one.error === undefined) expect(sorted(ours.up)).toEqual(sorted(one.value.plan))
        else expect(one.message).toContain('Multiple head')
        if (together.error === undefined) expect(sorted(ours.up)).toEqual(sorted(together.value.plan))
        // Alembic stumbles where one head of a branch needs another one by way of another package.
        else expect(together.message).toContain('overlaps')
        seen[one.error === undefined ? 'one' : together.error === undefined ? 'several' : 'refused']++
      }),
      RUNS,
    )
    expect(Math.min(seen.one, seen.several)).toBeGreaterThan(0)
  })

  it('downgrades to the same migrations', async () => {
    const seen = { same: 0, missing: 0, nothing: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const { migrations, applied } = drawn
        const situation = situationOfCase(drawn)
        const name = pickName(drawn, pick)
        const { rows, answers } = await askAlembic(peer, drawn, 'inside', ['downgrade', name], ['downgrade', 'base'])
        const ours = planOurs(situation, { direction: 'down', targets: name })
        const [one, everything] = answers
        expect(isValidOrder(migrations, ours.down.toReversed())).toBe(true)
        if (!applied.includes(name)) {
          expect(ours.code).toBe('MIG_R0408')
          expect(one.error).toBe('CommandError')
          seen.missing++
        } else if (one.error === undefined) {
          expect(ours).toMatchObject({ code: undefined, up: [] })
          expect(sorted(ours.down)).toEqual(sorted(one.value.plan))
          expect(isValidOrder(migrations, one.value.plan.toReversed())).toBe(true)
          const left = { ...drawn, applied: applied.filter((each) => !one.value.plan.includes(each)) }
          if (!hasImpliedEdges(drawn)) expect(namesOf(effectiveHeads(situationOfCase(left)))).toEqual(one.value.rows)
          seen.same++
        } else {
          // It is the head of its branch already, but no row, because another package needs it: that is no mistake.
          expect(rows).not.toContain(name)
          expect(one.message).toContain('not a valid downgrade target')
          expect(ours).toEqual({ code: undefined, up: [], down: [] })
          seen.nothing++
        }
        const base = planOurs(situation, { direction: 'down', targets: 'base' })
        expect(sorted(base.down)).toEqual(sorted(valueOf(everything).plan))
        expect(isValidOrder(migrations, base.down.toReversed())).toBe(true)
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('takes back a branch; where it shares a trunk, ours leaves trunk and siblings, as its name says', async () => {
    const seen = { same: 0, less: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const label = pickLabel(drawn, pick)
        fc.pre(label !== undefined)
        const { answers } = await askAlembic(peer, drawn, 'reduced', ['branch', label], ['heads'])
        const branch = valueOf(answers[0])
        const [, , , treeBases] = valueOf(answers[1])
        const ask = [
          ['take_back', branch],
          ['downgrade', `${label}@base`],
        ] as const
        const taken = await askAlembic(peer, drawn, 'reduced', ...ask)
        const ours = planOurs(situationOfCase(drawn), { direction: 'down', targets: `${label}@base` })
        expect(sorted(ours.down)).toEqual(valueOf(taken.answers[0]))
        const { plan } = valueOf(taken.answers[1])
        if (branch.some((each) => treeBases.includes(each))) expect(sorted(ours.down)).toEqual(sorted(plan))
        else expect(plan).toEqual(expect.arrayContaining([...ours.down]))
        seen[plan.length === ours.down.length ? 'same' : 'less']++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })
})
