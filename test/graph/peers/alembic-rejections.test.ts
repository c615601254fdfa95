import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CycleProblem } from '../../../src/graph.ts'
import { type CaseMigration, TANGLED, cases, withNeeded } from './alembic-cases.ts'
import { askAlembic, buildOurs, idOf } from './alembic-sides.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('alembic', 'python3-alembic')
const graphs = cases(TANGLED)
const RUNS = { numRuns: 300 }

type Field = 'parents' | 'dependsOn'

/** One migration names one more. */
function naming(
  migrations: readonly CaseMigration[],
  speaker: string,
  field: Field,
  name: string,
): readonly CaseMigration[] {
  return migrations.map((each) => (each.name === speaker ? { ...each, [field]: [...each[field], name] } : each))
}

/** How many edges of a way from one to the other there are at least, along what comes after. */
function distance(migrations: readonly CaseMigration[], from: string, to: string, fields: readonly Field[]): number {
  let reached = new Set([from])
  for (let length = 0; length <= migrations.length; length++) {
    if (reached.has(to)) return length
    const next = migrations.filter((each) => fields.some((field) => each[field].some((name) => reached.has(name))))
    reached = new Set(next.map(({ name }) => name))
  }
  return Infinity
}

describe.skipIf(python === undefined)('rejections as Alembic', () => {
  let peer: Peer
  beforeAll(() => {
    peer = new Peer(python ?? '', 'alembic.py')
  })
  afterAll(() => peer.end())

  it('finds every cycle, a shortest one, and what it leads through', async () => {
    const seen = { parents: 0, dependencies: 0, both: 0, overlooked: 0 }
    const both: readonly Field[] = ['parents', 'dependsOn']
    await fc.assert(
      fc.asyncProperty(graphs, fc.boolean(), fc.nat(), fc.nat(), async (drawn, isParent, one, other) => {
        const { migrations } = drawn
        const pairs = migrations.flatMap((early) =>
          migrations
            .filter((late) => late !== early && withNeeded(migrations, [late.name]).includes(early.name))
            .filter((late) => !isParent || late.package === early.package)
            .map((late) => [early.name, late.name] as const),
        )
        const [early, late] = pairs[(one + other) % pairs.length] ?? []
        fc.pre(early !== undefined && late !== undefined)
        const field = isParent ? 'parents' : 'dependsOn'
        const damaged = naming(migrations, early, field, late)
        const { problems } = buildOurs({ ...drawn, migrations: damaged })
        const cycles = problems.filter((problem): problem is CycleProblem => problem.kind === 'cycle')
        expect(problems.every(({ kind }) => kind === 'cycle' || kind === 'several-heads')).toBe(true)
        expect(cycles).toHaveLength(1)
        const { edges, through } = cycles[0] ?? { edges: [], through: undefined }
        expect(edges).toHaveLength(1 + distance(migrations, early, late, both))
        // What is given to the build is in reverse.
        const named = (given: number): CaseMigration | undefined => damaged.toReversed()[given]
        for (const [at, edge] of edges.entries()) {
          expect(edge.after).toBe(edges[(at + 1) % edges.length]?.before)
          expect(edge.kind === 'parents' || edge.kind === 'dependsOn').toBe(true)
          expect(named(edge.after)?.[edge.kind as Field]).toContain(named(edge.before)?.name)
        }
        const kinds = new Set(edges.map(({ kind }) => kind))
        expect(through).toBe(kinds.size > 1 ? 'both' : kinds.has('parents') ? 'parents' : 'dependencies')

        const { rejected, answers } = await askAlembic(peer, { migrations: damaged, applied: [] }, 'written', [
          'looping',
        ])
        const isOfParents = isParent && distance(migrations, early, late, ['parents']) < Infinity
        if (rejected?.error === 'CycleDetected') expect(isOfParents).toBe(true)
        else if (rejected) expect(rejected.error).toBe('DependencyCycleDetected')
        // Alembic does not look between a base and a head, where its own walk meets the same migration again.
        else expect(answers[0].value).toEqual(expect.arrayContaining([early, late]))
        if (through === 'parents') expect(isOfParents).toBe(true)
        if (rejected && !isOfParents) expect(through).not.toBe('parents')
        if (through) seen[through]++
        if (!rejected) seen.overlooked++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it.each([
    ['itself as a parent', 'parents', 'self', 'self-parent', 'LoopDetected'],
    ['itself as a dependency', 'dependsOn', 'self', 'self-dependency', 'DependencyLoopDetected'],
    ['a parent that is not here', 'parents', 'gone', 'missing-parent', 'KeyError'],
    ['a dependency that is not here', 'dependsOn', 'gone', 'missing-migration', 'KeyError'],
    ['a dependency in a package that is not here', 'dependsOn', 'p9:gone', 'absent-package', 'KeyError'],
  ] as const)('refuses a migration that names %s', async (_, field, what, kind, error) => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const speaker = drawn.migrations[pick % drawn.migrations.length]
        fc.pre(speaker !== undefined)
        const name = what === 'self' ? speaker.name : what === 'gone' ? `${speaker.package}:gone` : what
        const damaged = naming(drawn.migrations, speaker.name, field, name)
        const { problems } = buildOurs({ ...drawn, migrations: damaged })
        const node = damaged.length - 1 - (pick % damaged.length)
        const found = problems.filter((problem) => problem.kind !== 'several-heads')
        expect(found).toEqual([expect.objectContaining({ kind, node, field, reference: idOf(damaged, name) })])
        const { rejected } = await askAlembic(peer, { migrations: damaged, applied: [] }, 'written')
        expect(rejected?.error).toBe(error)
      }),
      RUNS,
    )
  })

  // The migration above by index may come after it: to stand in for the parent it would make a cycle that nobody wrote.
  it.each([
    ['itself', { parents: ['aaaa'] }, { parents: ['aaaa'] }, 'self-parent'],
    ['what is not here', { parents: ['p:gone'] }, { parents: [], dependsOn: ['aaaa'] }, 'missing-parent'],
  ])('tells no cycle beside a parent that is %s', (_, first, second, kind) => {
    const plain = { package: 'p', dependsOn: [], labels: [] }
    const migrations = [
      { ...plain, name: 'aaaa', index: 1, ...first },
      { ...plain, name: 'bbbb', index: 0, ...second },
    ]
    const { problems } = buildOurs({ migrations, packages: [{ name: 'p', dependencies: [] }], applied: [] })
    expect(problems.map((problem) => problem.kind)).toEqual([kind])
  })

  it('refuses one id for two migrations, where Alembic only warns and drops one of them', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const first = drawn.migrations[pick % drawn.migrations.length]
        fc.pre(first !== undefined)
        const damaged = [...drawn.migrations, { ...first, index: 99, labels: [] }]
        const { problems } = buildOurs({ ...drawn, migrations: damaged })
        const nodes = [damaged.length - 1 - (pick % drawn.migrations.length), 0]
        expect(problems).toContainEqual({ kind: 'duplicate-id', id: idOf(damaged, first.name), nodes })
        const { warnings } = await askAlembic(peer, { migrations: damaged, applied: [] }, 'written')
        expect(warnings).toContain(`Revision ${first.name} is present more than once`)
      }),
      RUNS,
    )
  })

  it('refuses a label on two branches; carried on along one branch it is the same branch, unlike in Alembic', async () => {
    const seen = { conflict: 0, carried: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), fc.nat(), async (drawn, one, other) => {
        const { migrations } = drawn
        const [first, second] = [one, other].map((pick) => pick % migrations.length).toSorted((a, b) => a - b)
        fc.pre(first !== undefined && second !== undefined && first !== second)
        const damaged = migrations.map((each, at) =>
          at === first || at === second ? { ...each, labels: ['L'] } : each,
        )
        const [early, late] = [migrations[first], migrations[second]]
        const inside = migrations.filter((each) => each.package === early?.package)
        const isCarried =
          late !== undefined && inside.includes(late) && withNeeded(inside, [late.name]).includes(early?.name ?? '')
        const { problems } = buildOurs({ ...drawn, migrations: damaged })
        const conflicts = problems.filter((problem) => problem.kind !== 'several-heads')
        expect(conflicts.map(({ kind }) => kind)).toEqual(isCarried ? [] : ['label-conflict'])
        const { rejected } = await askAlembic(peer, { migrations: damaged, applied: [] }, 'written')
        expect(rejected?.message).toContain("Branch name 'L' in revision")
        seen[isCarried ? 'carried' : 'conflict']++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('refuses a parent in another package, where Alembic joins the trees', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const pairs = drawn.migrations.flatMap((late, at) =>
          drawn.migrations
            .slice(0, at)
            .flatMap((early) => (early.package === late.package ? [] : [[early, late] as const])),
        )
        const [early, late] = pairs[pick % pairs.length] ?? []
        fc.pre(early !== undefined && late !== undefined)
        const damaged = naming(drawn.migrations, late.name, 'parents', early.name)
        const { problems } = buildOurs({ ...drawn, migrations: damaged })
        expect(problems).toContainEqual(
          expect.objectContaining({ kind: 'missing-parent', reference: idOf(damaged, early.name) }),
        )
        const { rejected } = await askAlembic(peer, { migrations: damaged, applied: [] }, 'written')
        expect(rejected).toBe(undefined)
      }),
      RUNS,
    )
  })
})
