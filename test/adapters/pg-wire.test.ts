import { Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Manifest } from '../../src/graph/manifest.ts'
import { pg } from '../../src/adapters/pg.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { type Loss, PostgresWire } from '../servers/postgres-wire.ts'
import { usePostgres } from '../servers/postgres.ts'
import { entriesOf, entryAt } from '../../src/testing/log-entries.ts'

const server = usePostgres()
const pools: Pool[] = []
let direct: Pool
let wire: PostgresWire
beforeEach(async () => {
  const url = await server.createDatabase()
  wire = await PostgresWire.before(url)
  direct = connect(url)
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
  await wire.close()
})

function connect(connectionString: string): Pool {
  const pool = new Pool({ connectionString })
  pool.on('error', () => {})
  pools.push(pool)
  return pool
}

const optionsFor = (pool: Pool): Options<'db'> => ({ adapters: { db: pg(pool) }, state: 'db' })

/** How many round trips and bytes some work takes, connecting left out. */
async function cost(
  work: (pool: Pool) => Promise<unknown>,
): Promise<{ readonly trips: number; readonly bytes: number }> {
  const pool = new Pool({ connectionString: wire.url, max: 1 })
  wire.roundTrips = wire.bytes = 0
  await work(pool)
  // The driver hands an error on before the server is ready for the next message: one more, and it was.
  await pool.query('select 1')
  await pool.end()
  return { trips: wire.roundTrips - 1, bytes: wire.bytes }
}

const many = (count: number): readonly TestMigration[] =>
  Array.from({ length: count }, (_, index) => {
    const id = `app:${String(index).padStart(5, '0')}`
    return migration({ id, uses: { db: 'sql' }, sql: `create table t${index} (a integer)` })
  })

/** As the build emits it where one storage is all there is. */
function withoutStorages(count: number): Manifest {
  const { storages: _, ...manifest } = manifestOf(many(count))
  return manifest
}

/** As if all but the last ten had been applied long ago. */
async function applyMost(migrations: readonly TestMigration[]): Promise<void> {
  const { log } = pg(direct)
  const { migrations: built } = manifestOf(migrations)
  const genesis = entryAt(0)
  const ups = built.slice(0, -10).map(({ id, hash }, index) => {
    return entryAt(index + 1, { kind: 'up', id, hash, generation: 1, data: { ms: 1, redo: [] } })
  })
  expect(await log.append([genesis])).toBe('appended')
  for (let start = 0; start < ups.length; start += 1000)
    expect(await log.append(ups.slice(start, start + 1000))).toBe('appended')
}

describe('on the wire', () => {
  it('N03 a boot with nothing to do is one round trip, with 10 applied and with 10,000', async () => {
    const costs: { readonly trips: number; readonly bytes: number }[] = []
    for (const count of [10, 10_000]) {
      await direct.query('drop table if exists unplugin_migrations')
      for (let index = 0; index < count; index++)
        if (index >= count - 10) await direct.query(`drop table if exists t${index}`)
      const migrations = many(count)
      if (count > 10) await applyMost(migrations)
      const manifest = manifestOf(migrations)
      expect((await migrate(manifest, optionsFor(direct))).applied).toHaveLength(10)
      costs.push(
        await cost(async (pool) => {
          expect((await migrate(manifest, optionsFor(pool))).outcome).toBe('current')
        }),
      )
    }
    expect(costs.map(({ trips }) => trips)).toEqual([1, 1])
    // The serial has more digits.
    expect(Math.abs((costs[0]?.bytes ?? 0) - (costs[1]?.bytes ?? 0))).toBeLessThan(10)
  })

  it('a first look at an empty database is one round trip too', async () => {
    const { trips } = await cost((pool) => pg(pool).log.head())
    expect(trips).toBe(1)
  })

  it('a first run looks at an empty database once, and begins its log', async () => {
    const { trips } = await cost((pool) => migrate(withoutStorages(1), optionsFor(pool)))
    expect(trips).toBe(1 + 1 + (2 + 1))
  })

  it('N01 of twenty first runs that all found an empty database, one begins the log, and each migration is applied once', async () => {
    const url = await server.createDatabase()
    const runs = Array.from({ length: 20 }, () => migrate(withoutStorages(5), optionsFor(connect(url))))
    const applied = (await Promise.all(runs)).flatMap((result) => result.applied.map(({ id }) => id))
    expect(applied.toSorted()).toEqual(many(5).map(({ id }) => id))
  })

  it('a migration takes two round trips beside those of its own statements', async () => {
    await migrate(manifestOf(many(1)), optionsFor(direct))
    const run = (count: number) => cost((pool) => migrate(manifestOf(many(count)), optionsFor(pool)))
    const [two, five] = [await run(2), await run(5)]
    // The second run finds three to do, the first found one: the rest is the same.
    expect(five.trips - two.trips).toBe(2 * (2 + 1))
  })
})

describe('P04 a connection that is lost', () => {
  const [first] = many(1)
  const manifest = manifestOf(first ? [first] : [])

  it.each<[what: string, loss: Loss, applied: number, code?: string]>([
    // It could still be on its way.
    ['before COMMIT arrives', { lost: 'request', message: /COMMIT;/ }, 0, 'MIG_R0202'],
    ['before COMMIT is answered', { lost: 'answer', message: /COMMIT;/ }, 1],
    ['before the entry arrives', { lost: 'request', message: /BEGIN/ }, 0],
    ['before the entry is answered', { lost: 'answer', message: /BEGIN/ }, 0],
    ['before the statements arrive', { lost: 'request', message: /create table t0/ }, 0],
    ['before the statements are answered', { lost: 'answer', message: /create table t0/ }, 0],
  ])('P04 %s', async (_, loss, applied, code = 'MIG_R0201') => {
    wire.loss = loss
    const run = migrate(manifest, optionsFor(connect(wire.url)))
    if (applied === 1) expect((await run).applied).toHaveLength(1)
    else await expect(run).rejects.toMatchObject({ code, notApplied: ['app:00000'] })
    expect(wire.loss, 'the connection was cut').toBeUndefined()
    const again = await migrate(manifest, optionsFor(connect(wire.url)))
    expect(again.applied).toHaveLength(1 - applied)
    const ups = (await entriesOf(pg(direct))).filter(({ kind }) => kind === 'up')
    expect(ups).toMatchObject([{ id: 'app:00000', done: true }])
  })

  it('before the genesis is answered: the next run goes on from it', async () => {
    wire.loss = { lost: 'answer', message: /CREATE TABLE/ }
    await expect(migrate(manifest, optionsFor(connect(wire.url)))).rejects.toMatchObject({ code: 'MIG_R0207' })
    expect((await migrate(manifest, optionsFor(connect(wire.url)))).applied).toHaveLength(1)
    expect((await entriesOf(pg(direct))).map(({ kind }) => kind)).toEqual(['genesis', 'up'])
  })
})
