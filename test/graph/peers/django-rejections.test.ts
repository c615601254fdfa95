import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GraphProblem, buildGraph, planMigrations, situationOf } from '../../../src/graph.ts'
import { type DjangoAnswer, type DjangoRefusal, askDjango } from './django-answer.ts'
import { type DjangoMigration, nodesOf, withInner, withoutSquashes } from './django-case.ts'
import { codeOf, expectSamePlan } from './django-compare.ts'
import { aroundDifferences } from './django-detours.ts'
import { squashedCases } from './django-draw.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('django', 'python3-django')

const MISSING: readonly GraphProblem['kind'][] = ['missing-parent', 'missing-migration', 'absent-package']
const CYCLE: readonly GraphProblem['kind'][] = ['cycle', 'self-parent', 'self-dependency']

function has(problems: readonly GraphProblem[], kinds: readonly GraphProblem['kind'][]): boolean {
  return problems.some(({ kind }) => kinds.includes(kind))
}

/** Three apps of three, any of which may name any other, itself, and what is not there. */
const tangles: fc.Arbitrary<readonly DjangoMigration[]> = fc
  .array(fc.tuple(fc.nat(8), fc.oneof({ weight: 9, arbitrary: fc.nat(8) }, fc.nat(13)), fc.boolean()), {
    maxLength: 14,
  })
  .map((links) => {
    const ids = ['a', 'b', 'c', 'unknown'].flatMap((app) => ['m0', 'm1', 'm2', 'm3'].map((name) => `${app}:${name}`))
    const present = ids.filter((id) => !id.startsWith('unknown') && !id.endsWith('m3'))
    const named = [...present, ...ids.filter((id) => !present.includes(id))]
    const of = (id: string, isBefore: boolean): readonly string[] => {
      const own = links.filter(([from, , before]) => present[from] === id && before === isBefore)
      return [...new Set(own.map(([, to]) => named[to] ?? ''))]
    }
    return present.map((id) => ({ id, dependencies: of(id, false), runBefore: of(id, true), replaces: [] }))
  })

describe.skipIf(python === undefined)('what Django rejects', () => {
  let peer: Peer

  beforeAll(() => {
    peer = new Peer(python ?? '', 'django.py')
  })

  afterAll(async () => peer.end())

  const ask = async (migrations: readonly DjangoMigration[]): Promise<DjangoAnswer | DjangoRefusal> =>
    askDjango(peer, { migrations, applied: [] })

  it('is what we reject: cycles, and references to nothing', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(tangles, async (migrations) => {
        const { error } = await ask(migrations)
        const { problems } = buildGraph([], nodesOf(migrations))
        seen.set(`${error}`, (seen.get(`${error}`) ?? 0) + 1)
        expect(has(problems, MISSING)).toBe(error === 'NodeNotFoundError')
        // Django looks for cycles only where nothing is missing; we say both.
        if (error !== 'NodeNotFoundError') expect(has(problems, CYCLE)).toBe(error === 'CircularDependencyError')
      }),
      { numRuns: 1000 },
    )
    for (const error of ['null', 'NodeNotFoundError', 'CircularDependencyError'])
      expect(seen.get(error)).toBeGreaterThan(50)
  })

  // A storage may have run any of the inner squashes or none, and one order serves all storages: so we reject what makes
  // a cycle at any level. Django finds it on the storages that it strikes.
  it('is what we reject: cycles that only squashes make, at whatever level', async () => {
    const seen = { cycles: 0, onlyInside: 0 }
    await fc.assert(
      fc.asyncProperty(squashedCases.map(aroundDifferences), async ({ migrations }) => {
        const { problems } = buildGraph([], nodesOf(migrations))
        const { error } = await ask(migrations)
        expect(has(problems, MISSING)).toBe(error === 'NodeNotFoundError')
        if (has(problems, MISSING)) return
        // ValueError: an app that is nothing but a cycle has no `__first__`, on the whole or at one of the levels.
        if (error === 'ValueError') expect(has(problems, CYCLE)).toBe(true)
        if (error === 'ValueError') return
        const levels = await Promise.all(levelsOf(migrations).map(ask))
        const cycles = ['CircularDependencyError', 'ValueError']
        const isCyclic = levels.some((level) => level.error !== null && cycles.includes(level.error))
        expect(has(problems, CYCLE)).toBe(isCyclic)
        if (isCyclic) seen.cycles++
        if (isCyclic && error === null) seen.onlyInside++
      }),
      { numRuns: 2000 },
    )
    expect(seen.cycles).toBeGreaterThan(20)
  })

  it('has the same leaves in conflict on fresh storages, where squashes keep to one app', async () => {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(squashedCases.map(aroundDifferences), async ({ migrations }) => {
        const all = withInner(migrations)
        fc.pre(migrations.every(({ id }) => new Set(all(id).map((other) => other[0])).size === 1))
        const answer = await ask(migrations)
        const { problems } = buildGraph([], nodesOf(migrations))
        if (answer.error !== null || has(problems, CYCLE)) return
        const several = problems.flatMap((problem) => (problem.kind === 'several-heads' ? [problem.package] : []))
        expect(several.toSorted()).toEqual(answer.conflicts)
        if (several.length > 0) seen++
      }),
      { numRuns: 500 },
    )
    expect(seen).toBeGreaterThan(50)
  })

  it('understands the begin of a name alike', async () => {
    const part = fc.stringMatching(/^[ab0_]{0,3}$/)
    const names = fc.uniqueArray(fc.stringMatching(/^[ab0_]{1,4}$/), { minLength: 1, maxLength: 6 })
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(names, names, part, async (own, others, prefix) => {
        const migrations = [...own.map((name) => `x:${name}`), ...others.map((name) => `xy:${name}`)].map((id) => {
          return { id, dependencies: [], runBefore: [], replaces: [] }
        })
        const answer = await askDjango(peer, { migrations, applied: [], prefixes: [['x', prefix]] })
        if (answer.error !== null) throw new Error(answer.message)
        const [result] = answer.prefixes
        if (result === undefined) throw new Error('no answer')
        const situation = situationOf(buildGraph([], nodesOf(migrations)).graph, [])
        const plan = (): ReturnType<typeof planMigrations> =>
          planMigrations(situation, { direction: 'up', targets: `x:${prefix}` })
        const isWhole = own.includes(prefix)
        const kind = 'found' in result ? 'found' : isWhole ? 'whole' : result.error
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
        if ('found' in result) expectSamePlan(situation, plan(), answer.toNode[result.found] ?? [], answer)
        // Django takes a whole name for ambiguous where it begins another one, so that nothing can name that migration.
        else if (isWhole) expectSamePlan(situation, plan(), answer.toNode[`x:${prefix}`] ?? [], answer)
        else expect(codeOf(plan)).toBe(result.error === 'AmbiguityError' ? 'MIG_R0402' : 'MIG_R0401')
      }),
      { numRuns: 500 },
    )
    for (const kind of ['found', 'whole', 'AmbiguityError', 'KeyError']) expect(seen.get(kind)).toBeGreaterThan(5)
  })
})

/** The project with all squashes, and before each of them came: an inner one comes before an outer one. */
function levelsOf(migrations: readonly DjangoMigration[]): readonly (readonly DjangoMigration[])[] {
  const outwards = migrations.filter(({ replaces }) => replaces.length > 0).toReversed()
  let removals: readonly (readonly string[])[] = [[]]
  for (const { id } of outwards) {
    const outer = outwards.filter(({ replaces }) => replaces.includes(id)).map((squash) => squash.id)
    const further = removals.filter((removed) => outer.every((other) => removed.includes(other)))
    removals = [...removals, ...further.map((removed) => [...removed, id])]
  }
  return removals.map((removed) => withoutSquashes(migrations, new Set(removed)))
}
