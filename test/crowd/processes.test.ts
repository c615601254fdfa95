import { afterAll, describe, expect, it } from 'vitest'
import { LimitedRoles } from './connection-limit.ts'
import { bothReleases, times, useCrowds } from './crowds.ts'
import { ELSEWHERE, IN_TARGET, lacks } from './scenarios.ts'
import { TWICE, verdictOfReleases } from './verdict.ts'
import { waitsForConnections } from './waits-for-connections.ts'

// The first to be registered is the last to be called: roles go when their processes are gone.
const roles = new LimitedRoles()
const crowds = useCrowds()
afterAll(() => roles.drop())

/** With the state elsewhere: processes.soak.ts has all of them. */
const SOME = ELSEWHERE.filter(({ scenario: { main, state } }) => main === 'pg' && state !== 'better-sqlite3').concat(
  ELSEWHERE.filter(({ name }) => name.startsWith('better-sqlite3')),
)

describe.each([
  [2, IN_TARGET],
  [20, [...IN_TARGET, ...SOME]],
] as const)('N01 %i processes at once: every migration takes effect once, and all end well', (size, all) => {
  for (const one of all)
    it.skipIf(lacks(one))(`on ${one.name}`, async () => {
      expect(await crowds.run(one, times(size, {}))).toEqual([])
    })
})

describe('N01, the twin: where no serial is ever taken, a migration is committed twice', () => {
  for (const one of IN_TARGET)
    it.skipIf(lacks(one))(`on ${one.name}`, async () => {
      // As long as all of them take to begin: whoever is first may be done before another has read the log.
      const task = { load: 100, unprotected: true } as const
      expect((await crowds.run(one, times(5, task))).join('\n')).toMatch(TWICE)
    })
})

it('N02 twenty processes of a role that may have six connections to PostgreSQL all end well', async () => {
  await waitsForConnections(crowds, roles, { processes: 20, connections: 6 })
})

// Knex reads what is applied, then loads the modules, and only then takes its lock: what others did meanwhile is done again.
describe('N05 of two processes that load a migration slowly, as Knex does after it has listed them, one is faster', () => {
  const slow = [
    { load: 200, pause: 0 },
    { load: 100, pause: 0 },
  ]
  for (const one of IN_TARGET) {
    it.skipIf(lacks(one))(`and each takes effect once on ${one.name}`, async () => {
      expect(await crowds.run(one, slow)).toEqual([])
    })
    it.skipIf(lacks(one))(`and it is committed twice on ${one.name}, where no serial is ever taken`, async () => {
      const found = await crowds.run(
        one,
        slow.map((task) => ({ ...task, unprotected: true as const })),
      )
      expect(found.join('\n')).toMatch(TWICE)
    })
  }
})

describe('V02 twenty processes of the old release and twenty of the new start together', () => {
  for (const one of IN_TARGET.filter(({ drivers }) => drivers?.every(({ driver }) => driver === undefined)))
    it.skipIf(lacks(one))(`new migrations take effect once, and the old end well, on ${one.name}`, async () => {
      expect(await crowds.run(one, bothReleases(20), verdictOfReleases)).toEqual([])
    })
})
