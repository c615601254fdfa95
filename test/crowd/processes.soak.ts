import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OwnMariadb, hasMariadbd, startMariadb } from '../servers/mariadb.ts'
import { LimitedRoles } from './connection-limit.ts'
import { bothReleases, times, useCrowds } from './crowds.ts'
import { IN_TARGET, SHARED, lacks } from './scenarios.ts'
import { TWICE, verdictOfReleases } from './verdict.ts'
import { waitsForConnections } from './waits-for-connections.ts'

// The first to be registered is the last to be called: roles go when their processes are gone.
const roles = new LimitedRoles()
// It refuses most of two hundred: they try again, and nobody else has to.
let mariadb: OwnMariadb | undefined
beforeAll(async () => {
  if (hasMariadbd) mariadb = await startMariadb()
})
afterAll(() => mariadb?.remove())
const crowds = useCrowds(() => mariadb?.url.replace('/app', ''))
afterAll(() => roles.drop())

describe.each([20, 200])('N01 %i processes at once: every migration takes effect once, and all end well', (size) => {
  for (const one of SHARED)
    it.skipIf(lacks(one))(`on ${one.name}`, async () => {
      expect(await crowds.run(one, times(size, {}))).toEqual([])
    })
})

describe('N01, the twin: where no serial is ever taken, a migration is committed twice', () => {
  for (const one of SHARED)
    it.skipIf(lacks(one))(`on ${one.name}`, async () => {
      expect((await crowds.run(one, times(20, { unprotected: true }))).join('\n')).toMatch(TWICE)
    })
})

it('N02 two hundred processes of a role that may have sixty connections to PostgreSQL all end well', async () => {
  await waitsForConnections(crowds, roles, { processes: 200, connections: 60 })
})

describe('V02 a hundred processes of the old release and a hundred of the new start together', () => {
  for (const one of IN_TARGET)
    it.skipIf(lacks(one))(`new migrations take effect once, and the old end well, on ${one.name}`, async () => {
      expect(await crowds.run(one, bothReleases(100), verdictOfReleases)).toEqual([])
    })
})
