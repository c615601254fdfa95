import { describe, expect, it } from 'vitest'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'
import { usePostgres } from '../servers/postgres.ts'
import { freshPrefix } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import {
  type Neighbour,
  applyBoth,
  assertOnce,
  besideOneAtWork,
  mysqlApp,
  postgresApp,
  redisApp,
} from './neighbours.ts'
import { withOneMysqlLock, withOnePostgresLock } from './one-lock.ts'

const server = usePostgres()
const databases = useDatabases()

type Names = readonly [string, string]

async function onPostgres([first, second]: Names, around?: typeof withOnePostgresLock): Promise<readonly Neighbour[]> {
  const url = await server.createDatabase()
  return [await postgresApp(url, first, around), await postgresApp(url, second, around)]
}

async function onMysql([first, second]: Names, around?: typeof withOneMysqlLock): Promise<readonly Neighbour[]> {
  const pool = databases.pool(await databases.create())
  return [await mysqlApp(pool, first, around), await mysqlApp(pool, second, around)]
}

async function onRedis(names: Names): Promise<readonly Neighbour[]> {
  const prefix = freshPrefix()
  return names.map((name) => redisApp(prefix, name))
}

describe.each([
  ['PostgreSQL, schemas', true, onPostgres],
  ['MariaDB, tables', mariadbUrl !== undefined, onMysql],
  ['Redis, prefixes', redisUrl !== undefined, onRedis],
] as const)('N07 two applications in one database: %s', (_, isThere, on) => {
  it.skipIf(!isThere)('of their own, do not even meet', async () => {
    const both = await on(['one', 'two'])
    expect(await besideOneAtWork(both)).toEqual({ later: 'ended', met: [] })
    await assertOnce(both)
  })

  it.skipIf(!isThere)('that are the same, wait for each other, or run into each other', async () => {
    const { met } = await besideOneAtWork(await on(['one', 'one']))
    expect(met).not.toEqual([])
  })
})

describe.each([
  ['PostgreSQL', true, (names: Names) => onPostgres(names, withOnePostgresLock)],
  ['MariaDB', mariadbUrl !== undefined, (names: Names) => onMysql(names, withOneMysqlLock)],
] as const)('N09 two logs whose locks have one name, on %s', (_, isThere, on) => {
  it.skipIf(!isThere)('are written one after the other, and rightly', async () => {
    const both = await on(['one', 'two'])
    expect(await besideOneAtWork(both)).toEqual({ later: 'waits', met: ['waiting'] })
    await assertOnce(both)
  })

  it.skipIf(!isThere)('and so they are when twenty runs begin at once', async () => {
    const both = await on(['one', 'two'])
    await applyBoth(both, 20)
    await assertOnce(both)
  })
})
