import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type BuiltGraph,
  type Id,
  buildGraph,
  examineHistory,
  planMigrations,
  situationOf,
} from '../../../src/graph.ts'
import { type DjangoAnswer, type DjangoQuestion, askDjango } from './django-answer.ts'
import { type DjangoCase, closedSet, nodesOf, settled, withInner, withoutSquashes } from './django-case.ts'
import { activeIds, appliedIds, codeOf, expectSameGraph, expectSamePlans, sorted } from './django-compare.ts'
import { aroundDifferences, asDjangoSees } from './django-detours.ts'
import { chosenBits, plainCases, squashedCases } from './django-draw.ts'
import { historyOf, inconsistentPairs } from './django-history.ts'
import { expectSameSeveral, orderings } from './django-several.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('django', 'python3-django')

/** Squashes that keep clear of known differences and that the build takes. */
const cases = squashedCases.map(aroundDifferences).filter((drawn) => problemsOf(buildOf(drawn)).length === 0)

function buildOf({ migrations }: DjangoCase): BuiltGraph {
  return buildGraph([], nodesOf(migrations))
}

/** Those that keep a graph from being used. */
function problemsOf({ problems }: BuiltGraph): BuiltGraph['problems'] {
  return problems.filter(({ kind }) => kind !== 'several-heads')
}

/** Rows as Django leaves them behind. */
function rowsOf(drawn: DjangoCase, bits: readonly boolean[], isClosed: boolean): readonly Id[] {
  const chosen = [...drawn.originals.keys()].filter((_, index) => bits[index])
  return [...settled(drawn, isClosed ? closedSet(drawn, chosen) : chosen)]
}

describe.skipIf(python === undefined)('Django', () => {
  let peer: Peer

  beforeAll(() => {
    peer = new Peer(python ?? '', 'django.py')
  })

  afterAll(async () => peer.end())

  const answerOf = async (question: DjangoQuestion): Promise<DjangoAnswer> => {
    const answer = await askDjango(peer, question)
    if (answer.error !== null) throw new Error(`${answer.error}: ${answer.message}`)
    return answer
  }

  it('has the same graph, heads and plans for chains, forks and merges', async () => {
    await fc.assert(
      fc.asyncProperty(plainCases, chosenBits, fc.boolean(), async (drawn, bits, isClosed) => {
        const applied = rowsOf(drawn, bits, isClosed)
        const answer = await answerOf({ migrations: drawn.migrations, applied })
        const { graph, problems } = buildOf(drawn)
        expect(problemsOf(buildOf(drawn))).toEqual([])
        const several = problems.flatMap((problem) => (problem.kind === 'several-heads' ? [problem.package] : []))
        expect(several.toSorted()).toEqual(answer.conflicts)
        const situation = situationOf(graph, applied)
        expectSameGraph(situation, answer)
        expectSamePlans(situation, answer)
      }),
      { numRuns: 400 },
    )
  })

  it('decides squashes alike and plans alike: fresh, run as a squash, in part and inconsistent', async () => {
    const seen = { plans: 0, refused: 0, further: 0 }
    await fc.assert(
      fc.asyncProperty(cases, chosenBits, fc.boolean(), async (drawn, bits, isClosed) => {
        const applied = rowsOf(drawn, bits, isClosed)
        const question = { migrations: asDjangoSees(drawn.migrations, new Set(applied)), applied }
        const situation = situationOf(buildOf(drawn).graph, applied)
        const answer = await askDjango(peer, question)
        if (situation.partial.length === 0 && answer.error === null) {
          seen.plans++
          expectSameGraph(situation, answer)
          expectSamePlans(situation, answer)
          return
        }
        if (situation.partial.length === 0) {
          // Something present names what is gone and was applied. Nothing of that has to run, so we go on.
          seen.further++
          expect(answer.error).toBe('NodeNotFoundError')
          const pending = activeIds(situation).filter((id) => !appliedIds(situation).includes(id))
          const { up } = planMigrations(situation, { direction: 'up', targets: 'heads' })
          expect(sorted(up.map(({ id }) => id))).toEqual(sorted(pending))
          return
        }
        seen.refused++
        // Django only notices where something present still names what is gone, and forgets the squash otherwise. To us
        // it is never as if there were nothing to do.
        const gone = situation.partial.flatMap((squash) => squash.gone)
        for (const id of gone)
          expect([...applied, ...drawn.migrations.map((migration) => migration.id)]).not.toContain(id)
        if (answer.error === null)
          for (const { position } of situation.partial)
            expect(answer.ancestors).not.toHaveProperty([situation.graph.members[position]?.id ?? ''])
        else expect(answer.error).toBe('NodeNotFoundError')
        expect(codeOf(() => planMigrations(situation, { direction: 'up', targets: 'heads' }))).toBe('MIG_R0305')
        const { findings } = examineHistory(historyOf(situation.graph), appliedSetOf(applied))
        expect(findings.filter(({ kind }) => kind === 'partly-squashed')).toHaveLength(situation.partial.length)
      }),
      { numRuns: 1500 },
    )
    expect(seen.plans).toBeGreaterThan(800)
    expect(seen.refused).toBeGreaterThan(20)
    expect(seen.further).toBeLessThan(100)
  })

  // Django shows the squash alone, and takes it back as a whole.
  it('keeps applied originals that are still there as if their squash had not come yet', async () => {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(cases, chosenBits, fc.boolean(), async (drawn, bits, isClosed) => {
        const rows = rowsOf(drawn, bits, isClosed)
        const kept = keptSquashes(drawn, new Set(rows))
        fc.pre(kept.size > 0)
        const applied = rows.filter((id) => !kept.has(id))
        const situation = situationOf(buildOf(drawn).graph, applied)
        fc.pre(situation.partial.length === 0)
        const before = withoutSquashes(drawn.migrations, kept)
        const answer = await askDjango(peer, { migrations: asDjangoSees(before, new Set(rows)), applied: rows })
        if (answer.error !== null) return
        seen++
        expectSameGraph(situation, answer)
        expectSamePlans(situation, answer)
      }),
      { numRuns: 400 },
    )
    expect(seen).toBeGreaterThan(350)
  })

  it('plans several targets alike, and refuses the same ones to go both ways', async () => {
    const picks = fc.array(fc.nat(), { minLength: 2, maxLength: 3 })
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.oneof(plainCases, cases), chosenBits, picks, async (drawn, bits, picked) => {
        const applied = rowsOf(drawn, bits, true)
        const migrations = asDjangoSees(drawn.migrations, new Set(applied))
        const situation = situationOf(buildOf(drawn).graph, applied)
        const first = await askDjango(peer, { migrations, applied })
        fc.pre(first.error === null && !first.history.refused && situation.partial.length === 0)
        const apps = Object.entries(first.roots).filter(([, roots]) => roots.length > 0)
        const names = [...Object.keys(first.ancestors), ...apps.map(([app]) => `${app}@base`)]
        const targets = picked.map((pick) => names[pick % names.length] ?? '')
        const answer = await answerOf({ migrations, applied, several: orderings(targets) })
        const result = expectSameSeveral(drawn, situation, targets, answer)
        seen.set(result, (seen.get(result) ?? 0) + 1)
      }),
      { numRuns: 1000 },
    )
    for (const result of ['contradiction', 'mixed', 'one direction', 'nothing'])
      expect(seen.get(result)).toBeGreaterThan(20)
  })

  it('finds the same inconsistent histories, where a dependency is declared', async () => {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(plainCases, cases), chosenBits, async (drawn, bits) => {
        const rows = rowsOf(drawn, bits, false)
        const kept = keptSquashes(drawn, new Set(rows))
        const applied = rows.filter((id) => !kept.has(id))
        const { graph } = buildOf(drawn)
        fc.pre(situationOf(graph, applied).partial.length === 0)
        const before = asDjangoSees(withoutSquashes(drawn.migrations, kept), new Set(rows))
        // Django counts `run_before` too. An edge that somebody else declares, perhaps later, makes no history wrong.
        const migrations = before.map((migration) => ({ ...migration, runBefore: [] }))
        const answer = await askDjango(peer, { migrations, applied: rows })
        if (answer.error !== null) return
        const { history } = answer
        const { findings } = examineHistory(historyOf(graph), appliedSetOf(applied))
        const ours = inconsistentPairs(findings)
        expect(new Set(ours.map(([id]) => id))).toEqual(new Set(history.pairs.map(([id]) => id)))
        for (const pair of history.pairs) expect(ours).toContainEqual(pair)
        expect(ours.length > 0).toBe(history.refused)
        if (ours.length > 0) seen++
      }),
      { numRuns: 600 },
    )
    expect(seen).toBeGreaterThan(200)
  })
})

function appliedSetOf(applied: readonly Id[]): Parameters<typeof examineHistory>[1] {
  return { ids: applied, hashOf: (_, id) => (applied.includes(id) ? '' : undefined) }
}

/** Applied as a whole, with all that they replace directly on disk, and in no squash that has taken their place. */
function keptSquashes({ migrations }: DjangoCase, rows: ReadonlySet<Id>): ReadonlySet<Id> {
  const present = new Set(migrations.map(({ id }) => id))
  const all = withInner(migrations)
  const kept = new Set<Id>()
  for (const { id, replaces } of migrations.toReversed()) {
    const inner = new Set(replaces.flatMap((other) => all(other).slice(0, -1)))
    const isWhole = replaces.every((other) => inner.has(other) || present.has(other))
    const isHidden = migrations.some(
      (outer) => outer.replaces.includes(id) && rows.has(outer.id) && !kept.has(outer.id),
    )
    if (replaces.length > 0 && rows.has(id) && isWhole && !isHidden) kept.add(id)
  }
  return kept
}
