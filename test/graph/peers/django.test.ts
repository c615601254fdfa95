import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildGraph, situationOf } from '../../../src/graph.ts'
import { type DjangoAnswer, askDjango } from './django-answer.ts'
import { type DjangoCase, asDjangoSees, closedSet, nodesOf, settled, withFirstSpelledOut } from './django-case.ts'
import { expectSameGraph, expectSamePlans } from './django-compare.ts'
import { plainCases, squashedCases } from './django-draw.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('django', 'python3-django')

const bits = fc.array(fc.boolean(), { minLength: 14, maxLength: 14 })

describe.skipIf(python === undefined)('Django', () => {
  let peer: Peer

  beforeAll(() => {
    peer = new Peer(python ?? '', 'django.py')
  })

  afterAll(async () => peer.end())

  const chosen = ({ originals }: DjangoCase, drawn: readonly boolean[]): readonly string[] =>
    [...originals.keys()].filter((_, index) => drawn[index])

  const answerOf = async (question: Parameters<typeof askDjango>[1]): Promise<DjangoAnswer> => {
    const answer = await askDjango(peer, question)
    if (answer.error !== null) throw new Error(answer.message)
    return answer
  }

  it('has the same graph and plans for chains, forks and merges', async () => {
    await fc.assert(
      fc.asyncProperty(plainCases, bits, fc.boolean(), async (drawn, drawnBits, isConsistent) => {
        const ids = chosen(drawn, drawnBits)
        const applied = isConsistent ? [...closedSet(drawn, ids)] : ids
        const answer = await answerOf({ migrations: drawn.migrations, applied })
        const { graph, problems } = buildGraph([], nodesOf(drawn.migrations))
        expect(problems.filter(({ kind }) => kind !== 'several-heads')).toEqual([])
        const several = problems.flatMap((problem) => (problem.kind === 'several-heads' ? [problem.package] : []))
        expect(several.toSorted()).toEqual(answer.conflicts)
        const situation = situationOf(graph, applied)
        expectSameGraph(situation, answer)
        expectSamePlans(situation, answer)
      }),
      { numRuns: 400 },
    )
  })

  it('decides squashes alike and plans alike', async () => {
    const seen = new Map<string, number>()
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
    await fc
      .assert(
        fc.asyncProperty(
          squashedCases.map(withFirstSpelledOut),
          bits,
          fc.boolean(),
          async (drawn, drawnBits, isConsistent) => {
            const ids = chosen(drawn, drawnBits)
            const applied = [...settled(drawn, isConsistent ? closedSet(drawn, ids) : ids)]
            const answer = await askDjango(peer, {
              migrations: asDjangoSees(drawn.migrations, new Set(applied)),
              applied,
            })
            const { graph, problems } = buildGraph([], nodesOf(drawn.migrations))
            const wrong = problems.filter(({ kind }) => kind !== 'several-heads')
            count(`${answer.error} / ${[...new Set(wrong.map((w) => w.kind))].toSorted()}`)
            if (answer.error !== null || wrong.length) return
            const situation = situationOf(graph, applied)
            if (situation.partial.length) return
            expectSameGraph(situation, answer)
            expectSamePlans(situation, answer)
          },
        ),
        { numRuns: 1000 },
      )
      .finally(() => console.log(seen))
  })
})
