import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Id, type Situation, buildGraph, examineHistory, planMigrations, situationOf } from '../../../src/graph.ts'
import { type DjangoAnswer, type DjangoRefusal, askDjango } from './django-answer.ts'
import { type DjangoMigration, nodesOf } from './django-case.ts'
import { codeOf } from './django-compare.ts'
import { historyOf } from './django-history.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('django', 'python3-django')

function migration(id: Id, fields: Partial<Omit<DjangoMigration, 'id'>> = {}): DjangoMigration {
  return { id, dependencies: [], runBefore: [], replaces: [], ...fields }
}

const M0 = migration('a:m0')
const M1 = migration('a:m1', { dependencies: ['a:m0'] })
const M2 = migration('a:m2', { dependencies: ['a:m1'] })

function situation(migrations: readonly DjangoMigration[], applied: readonly Id[] = []): Situation {
  const { graph, problems } = buildGraph([], nodesOf(migrations))
  expect(problems).toEqual([])
  return situationOf(graph, applied)
}

function problemsOf(migrations: readonly DjangoMigration[]): readonly string[] {
  return buildGraph([], nodesOf(migrations)).problems.map(({ kind }) => kind)
}

function up(given: Situation, targets: string): readonly Id[] {
  return planMigrations(given, { direction: 'up', targets }).up.map(({ id }) => id)
}

function down(given: Situation, targets: string): readonly Id[] {
  return planMigrations(given, { direction: 'down', targets }).down.map(({ id }) => id)
}

function idsOf(plan: readonly { readonly id: Id }[] = []): readonly Id[] {
  return plan.map(({ id }) => id)
}

describe.skipIf(python === undefined)('Django and we', () => {
  let peer: Peer

  beforeAll(() => {
    peer = new Peer(python ?? '', 'django.py')
  })

  afterAll(async () => peer.end())

  const refusalOf = async (
    migrations: readonly DjangoMigration[],
    applied: readonly Id[] = [],
    several: readonly (readonly string[])[] = [],
  ): Promise<DjangoAnswer | DjangoRefusal> => askDjango(peer, { migrations, applied, several })

  const answerOf = async (...question: Parameters<typeof refusalOf>): Promise<DjangoAnswer> => {
    const answer = await refusalOf(...question)
    if (answer.error !== null) throw new Error(answer.message)
    return answer
  }

  describe('differ on purpose', () => {
    it('take back one original after the other, since that is what was run, not the squash that came later', async () => {
      const migrations = [M0, M1, migration('a:s0', { replaces: ['a:m0', 'a:m1'] })]
      const applied = ['a:m0', 'a:m1']
      expect(idsOf((await answerOf(migrations, applied)).toZero['a'])).toEqual(['a:s0'])
      expect(down(situation(migrations, applied), 'a@base')).toEqual(['a:m1', 'a:m0'])
      expect(down(situation(migrations, applied), 'a:m0')).toEqual(['a:m1'])
    })

    it('reject two squashes of the same migrations, of which Django runs both', async () => {
      const inner = migration('a:s0', { replaces: ['a:m0', 'a:m1'] })
      const outer = migration('a:s1', { replaces: ['a:m0', 'a:m1', 'a:m2'] })
      expect(idsOf((await answerOf([M0, M1, M2, inner, outer])).toAllLeaves)).toEqual(['a:s0', 'a:s1'])
      expect(problemsOf([M0, M1, M2, inner, outer])).toEqual(['replace-conflict', 'replace-conflict'])
    })

    it('go down only when asked to: for Django an applied target always means down', async () => {
      expect((await answerOf([M0, M1], ['a:m0', 'a:m1'])).toNode['a:m0']).toEqual([{ id: 'a:m1', down: true }])
      const given = situation([M0, M1], ['a:m0', 'a:m1'])
      expect(up(given, 'a:m0')).toEqual([])
      expect(down(given, 'a:m0')).toEqual(['a:m1'])
      expect(planMigrations(given, { direction: 'to', targets: 'a:m0' })).toMatchObject({
        up: [],
        down: [{ id: 'a:m1' }],
      })
    })

    it('look through an inner squash: Django would run the outer one over what is there', async () => {
      const inner = migration('a:s0', { replaces: ['a:m0', 'a:m1'] })
      const migrations = [M0, M1, M2, inner, migration('a:s1', { replaces: ['a:s0', 'a:m2'] })]
      expect(idsOf((await answerOf(migrations, ['a:m0'])).toAllLeaves)).toEqual(['a:m1', 'a:s1'])
      expect(up(situation(migrations, ['a:m0']), 'heads')).toEqual(['a:m1', 'a:m2'])
    })

    it('take squashes in any order: Django 3.2 needs the inner one first, and reads files in any order', async () => {
      const migrations = [M0, migration('a:s1', { replaces: ['a:s0'] }), migration('a:s0', { replaces: ['a:m0'] })]
      expect((await refusalOf(migrations)).error).toBe('NodeNotFoundError')
      expect(up(situation(migrations), 'heads')).toEqual(['a:s1'])
    })

    it('count heads before squashes: one of another app cuts an app in two for Django, on fresh storages only', async () => {
      const migrations = [M0, M1, M2, migration('b:s0', { replaces: ['a:m1'] })]
      expect((await answerOf(migrations)).conflicts).toEqual(['a'])
      expect((await answerOf([M0, M1, M2])).conflicts).toEqual([])
      expect(up(situation(migrations), 'a@head')).toEqual(['a:m0', 'b:s0', 'a:m2'])
    })

    it('hold a history against what it declared itself, not against run_before that others may add later', async () => {
      const migrations = [migration('b:m0', { runBefore: ['a:m0'] }), M0]
      expect((await answerOf(migrations, ['a:m0'])).history.refused).toBe(true)
      const history = historyOf(situation(migrations).graph)
      const { findings } = examineHistory(history, {
        ids: ['a:m0'],
        hashOf: (_, id) => (id === 'a:m0' ? '' : undefined),
      })
      expect(findings).toEqual([])
      expect(up(situation(migrations, ['a:m0']), 'heads')).toEqual(['b:m0'])
    })

    it('read @base as all first migrations, of which Django takes the one whose name sorts first', async () => {
      const migrations = [M0, migration('a:x'), migration('b:m0', { dependencies: ['a:__first__'] })]
      expect((await answerOf(migrations)).ancestors['b:m0']).toEqual(['a:m0'])
      const { graph } = buildGraph([], nodesOf(migrations))
      expect(up(situationOf(graph, []), 'b:m0')).toEqual(['a:m0', 'a:x', 'b:m0'])
    })

    it('refuse targets that contradict each other: Django lets the last one win', async () => {
      const both = ['a:m0', 'a:m1']
      const { several } = await answerOf([M0, M1], both, [both, both.toReversed()])
      expect(several.map(({ plan }) => plan.map((step) => step.down))).toEqual([[true, false], [true]])
      const plan = (targets: readonly string[]) => () =>
        planMigrations(situation([M0, M1], both), { direction: 'mixed', targets })
      expect([codeOf(plan(both)), codeOf(plan(both.toReversed()))]).toEqual(['MIG_R0409', 'MIG_R0409'])
    })

    it('go on where what is gone was applied, although it is still named', async () => {
      const migrations = [M1, migration('a:x'), migration('a:s0', { replaces: ['a:m0', 'a:x'] })]
      expect((await refusalOf(migrations, ['a:m0'])).error).toBe('NodeNotFoundError')
      expect(up(situation(migrations, ['a:m0']), 'heads')).toEqual(['a:x', 'a:m1'])
    })
  })

  describe('agree', () => {
    it('reads @base of an app whose first migration is gone as the squash that replaces it', async () => {
      const migrations = [
        migration('a:s0', { replaces: ['a:m0'] }),
        M1,
        migration('b:m0', { dependencies: ['a:__first__'] }),
      ]
      expect((await answerOf(migrations)).ancestors['b:m0']).toEqual(['a:s0'])
      expect(up(situation(migrations), 'b:m0')).toEqual(['a:s0', 'b:m0'])
    })

    const base = [
      migration('a:m0', { dependencies: ['c:__first__'] }),
      migration('c:m0'),
      migration('c:s0', { replaces: ['c:m0'] }),
    ]
    const sibling = [M1, migration('a:s0', { replaces: ['a:m0', 'a:m1'] })]
    const elsewhere = [M1, migration('b:s0', { replaces: ['a:m0'] })]
    const targets = ['a:m1', 'a:m0']

    it('on what follows, says Django', async () => {
      expect(idsOf((await answerOf(base)).toNode['a:m0'])).toEqual(['c:s0', 'a:m0'])
      expect(idsOf((await answerOf(sibling)).toAllLeaves)).toEqual(['a:s0'])
      expect(idsOf((await answerOf(elsewhere)).toNode['a:m1'])).toEqual(['b:s0', 'a:m1'])
      const [both] = (await answerOf([M0, M1], [], [targets])).several
      expect(both?.plan.map((step) => `${step.id} ${step.down}`)).toEqual(['a:m0 false', 'a:m1 false', 'a:m1 true'])
    })

    it('runs the squash of a first migration before what depends on @base', () => {
      expect(up(situation(base), 'a:m0')).toEqual(['c:s0', 'a:m0'])
    })

    it('accepts that some of what a squash replaces is gone and the rest names it', () => {
      expect(problemsOf(sibling)).toEqual([])
    })

    it('finds a parent that is gone and was replaced by a squash of another package', () => {
      expect(problemsOf(elsewhere)).toEqual([])
    })

    it('refuses targets that contradict each other before they are applied too', () => {
      const pending = situation([M0, M1], [])
      expect(codeOf(() => planMigrations(pending, { direction: 'mixed', targets }))).toBe('MIG_R0409')
    })
  })
})
