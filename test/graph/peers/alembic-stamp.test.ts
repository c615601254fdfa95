import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, TANGLED, cases } from './alembic-cases.ts'
import { pickName, sorted } from './alembic-names.ts'
import { type Ours, askAlembic, planOurs, situationOfCase, valueOf } from './alembic-sides.ts'
import { Peer, findPython } from './python.ts'

const python = findPython('alembic', 'python3-alembic')
const graphs = cases(TANGLED)
const RUNS = { numRuns: 300 }

function stamped(drawn: Case, targets: string | readonly string[]): Ours & { readonly result: readonly string[] } {
  const ours = planOurs(situationOfCase(drawn), { direction: 'stamp', targets })
  const left = drawn.applied.filter((name) => !ours.down.includes(name))
  return { ...ours, result: sorted([...left, ...ours.up]) }
}

describe.skipIf(python === undefined)('stamp as Alembic', () => {
  let peer: Peer
  beforeAll(() => {
    peer = new Peer(python ?? '', 'alembic.py')
  })
  afterAll(() => peer.end())

  it('marks the same going up; going down it unmarks what a downgrade takes back, and no branch beside it', async () => {
    const seen = { up: 0, down: 0, less: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (drawn, pick) => {
        const name = pickName(drawn, pick)
        const ask = [
          ['stamp', [name]],
          ['downgrade', name],
        ] as const
        const { rows, answers } = await askAlembic(peer, drawn, 'inside', ...ask)
        const [stamp, downgrade] = answers
        const ours = stamped(drawn, name)
        expect(ours.code).toBe(undefined)
        if (!drawn.applied.includes(name) || rows.includes(name)) {
          expect(ours.result).toEqual(valueOf(stamp))
          seen.up++
          return
        }
        const taken = downgrade.error === undefined ? downgrade.value.plan : []
        expect(sorted(ours.down)).toEqual(sorted(taken))
        expect(ours.up).toEqual([])
        // Alembic replaces every row above the target by the target: what only such a row led to is forgotten too.
        expect(ours.result).toEqual(expect.arrayContaining([...valueOf(stamp)]))
        seen[ours.result.length === valueOf(stamp).length ? 'down' : 'less']++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('marks everything and nothing alike, but never unmarks a head beside the one that moves', async () => {
    const seen = { same: 0, lost: 0 }
    await fc.assert(
      fc.asyncProperty(graphs, async (drawn) => {
        const { rows, answers } = await askAlembic(
          peer,
          drawn,
          'written',
          ['stamp', ['heads']],
          ['stamp', ['base']],
          ['heads'],
        )
        const everything = sorted(drawn.migrations.map(({ name }) => name))
        expect(stamped(drawn, 'heads')).toMatchObject({ code: undefined, down: [], result: everything })
        expect(stamped(drawn, 'base')).toMatchObject({ code: undefined, up: [], result: valueOf(answers[1]) })
        const marked = valueOf(answers[0])
        const [realHeads] = valueOf(answers[2])
        // Alembic moves all rows at once to the first head that moves, those too that are heads already.
        const isLost = marked.length < everything.length
        if (isLost) expect(rows.some((row) => realHeads.includes(row))).toBe(true)
        seen[isLost ? 'lost' : 'same']++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })

  it('refuses a migration together with its ancestor, and joins all others', async () => {
    const seen = { overlapping: 0, joined: 0, alike: 0 }
    const several = fc.array(fc.nat(), { minLength: 2, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(graphs, several, async (drawn, picks) => {
        const names = [...new Set(picks.map((pick) => pickName(drawn, pick)))]
        const ask = [
          ['upgrade', names],
          ['stamp', names],
          ...names.map((name) => ['downgrade', name] as const),
        ] as const
        const { answers } = await askAlembic(peer, drawn, 'inside', ...ask)
        const [upgrade, stamp, ...downgrades] = answers
        const ours = stamped(drawn, names)
        if (upgrade.error !== undefined) {
          expect(upgrade.message).toContain('overlaps')
          expect(ours.code).toBe('MIG_R0407')
          seen.overlapping++
          return
        }
        const taken = new Set(downgrades.flatMap((each) => (each.error === undefined ? each.value.plan : [])))
        expect(ours.code).toBe(undefined)
        expect(sorted(ours.down)).toEqual(sorted(taken))
        expect(sorted(ours.up)).toEqual(sorted(upgrade.value.plan))
        seen.joined++
        if (names.some((name) => drawn.applied.includes(name))) return
        expect(ours.result).toEqual(valueOf(stamp))
        seen.alike++
      }),
      RUNS,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })
})
