import { inspect } from 'node:util'
import { Pool, type PoolConfig } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { type RoughWire, roughWire } from '../servers/rough-wire.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const pools: Pool[] = []
let url = ''
let direct: Pool
let wire: RoughWire
beforeEach(async () => {
  url = await server.createDatabase()
  direct = connect({ connectionString: url })
  wire = await roughWire(url)
})
afterEach(async () => {
  wire.stop()
  await Promise.all(pools.splice(0).map((open) => open.end()))
})

function connect(config: PoolConfig): Pool {
  const opened = new Pool(config)
  opened.on('error', () => {})
  pools.push(opened)
  return opened
}

const far = (config: PoolConfig = {}): Pool => connect({ connectionString: wire.url, max: 1, ...config })
const optionsFor = (one: Pool): Options<'db'> => ({ adapters: { db: pg(one) }, state: 'db' })

async function rows(text: string): Promise<readonly unknown[]> {
  return (await direct.query({ text, rowMode: 'array' })).rows.flat()
}

const sql = (number: number, text: string): TestMigration =>
  migration({ id: `app:${number}`, uses: { db: 'sql' }, sql: text })
const code = async ({ db }: { readonly db: Sql }): Promise<void> => db.run`insert into effects values (${3})`
const manifest: Manifest = {
  ...manifestOf([
    sql(0, 'create table effects (n integer)'),
    sql(1, 'insert into effects values (1)'),
    sql(2, 'insert into effects values (2)'),
    migration({ id: 'app:3', uses: { db: 'sql' }, up: code }),
  ]),
  scripts,
}
const WHOLE = [1, 2, 3]

/** Whatever happened before, the next run ends well and everything is there once. */
async function assertOnce(): Promise<void> {
  await migrate(manifest, optionsFor(direct))
  expect(await rows('select n from effects order by n')).toEqual(WHOLE)
}

it.each(['server', 'client'] as const)(
  'P05 reset in the middle of each message towards the %s: an error of ours or a whole run, and each effect once',
  async (towards) => {
    await migrate(manifest, optionsFor(far()))
    const total = wire.taken()[towards]
    expect(total).toBeGreaterThan(2000)
    for (let after = 5; after < total; after += Math.ceil(total / 40)) {
      await direct.query('drop table if exists effects, unplugin_migrations')
      wire.taken()
      wire.roughness = { kind: 'reset', towards, after }
      const error: unknown = await migrate(manifest, optionsFor(far())).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(wire.roughness, 'a connection was cut').toEqual({ kind: 'whole' })
      if (error !== undefined) expect(error).toMatchObject({ code: expect.stringMatching(/^MIG_R02(01|02|07|22)$/) })
      await assertOnce()
    }
  },
)

it('P05 single bytes are put together', async () => {
  wire.roughness = { kind: 'split', size: 1 }
  expect((await migrate(manifest, optionsFor(far()))).applied).toHaveLength(4)
  await assertOnce()
})

it('P05 bytes that come one by one, each after a pause, are only slow', async () => {
  wire.roughness = { kind: 'trickle', pause: 1 }
  const first = manifestOf([sql(0, 'create table effects (n integer)'), sql(1, 'insert into effects values (1)')])
  expect((await migrate(first, optionsFor(far()))).applied).toHaveLength(2)
  await assertOnce()
})

it('P06 a server that accepts and never answers ends in an error, by the limits of the driver', async () => {
  wire.roughness = { kind: 'silent', after: 0 }
  await expect(migrate(manifest, optionsFor(far({ connectionTimeoutMillis: 200 })))).rejects.toMatchObject({
    code: 'MIG_R0222',
  })
  await migrate(manifestOf([sql(0, 'create table effects (n integer)')]), optionsFor(direct))
  wire.roughness = { kind: 'whole' }
  const one = far({ query_timeout: 300, connectionTimeoutMillis: 300 })
  await one.query('select 1')
  wire.taken()
  wire.roughness = { kind: 'silent', after: 1500 }
  await expect(migrate(manifest, optionsFor(one))).rejects.toMatchObject({ code: expect.stringMatching(/^MIG_R02/) })
  await assertOnce()
})

it('N02 more processes than the server has connections for wait for one', async () => {
  const role = `few_${new URL(url).pathname.slice(1)}`
  await direct.query(
    `create role ${role} login password 'few' connection limit 3; grant all on schema public to ${role}`,
  )
  const few = new URL(url)
  few.username = role
  few.password = 'few'
  const many = Array.from({ length: 15 }, () => connect({ connectionString: few.href, max: 1, idleTimeoutMillis: 1 }))
  const reasons: string[] = []
  const onEvent: Options['onEvent'] = (event) => void (event.type === 'waiting' && reasons.push(event.reason))
  const runs = many.map((one) => migrate(manifest, { ...optionsFor(one), onEvent }))
  expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(4)
  expect(await rows('select n from effects order by n')).toEqual(WHOLE)
  expect(reasons.join()).toMatch(/too many connections/)
  await Promise.all(pools.splice(1).map((one) => one.end()))
  await direct.query(`drop owned by ${role}; drop role ${role}`)
})

it('P14 a password that is changed while migrations run stops them at the next connection, and no secret is told', async () => {
  const role = `rotated_${new URL(url).pathname.slice(1)}`
  const [old, fresh] = ['0ld:c4nary@/%', 'fr3sh:c4nary@/%']
  await direct.query(`create role ${role} login password '${old}'; grant all on schema public to ${role}`)
  const as = (password: string): Options<'db'> => {
    const own = Object.assign(new URL(url), { username: role, password: encodeURIComponent(password) })
    return optionsFor(connect({ connectionString: own.href, max: 1 }))
  }
  const rotating = manifestOf([
    sql(0, 'create table effects (n integer)'),
    migration({
      id: 'app:1',
      uses: { db: 'sql' },
      async up({ db }) {
        await direct.query(`alter role ${role} password '${fresh}'`)
        await db.run`insert into effects values (${1})`
        // Its session is not as it was: the next migration gets another connection.
        await db.script('set search_path = public')
      },
    }),
    sql(2, 'insert into effects values (2)'),
  ])
  const error: unknown = await migrate(rotating, as(old)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: expect.stringMatching(/^MIG_R02(01|02|22)$/),
    id: 'app:2',
    applied: ['app:0', 'app:1'],
    notApplied: ['app:2'],
  })
  const told = inspect(error, { depth: 10, showHidden: true })
  for (const secret of [old, fresh].flatMap((each) => [each, encodeURIComponent(each)]))
    expect(told).not.toContain(secret)
  expect((await migrate(rotating, as(fresh))).applied.map(({ id }) => id)).toEqual(['app:2'])
  expect(await rows('select n from effects order by n')).toEqual([1, 2])
  await Promise.all(pools.splice(1).map((one) => one.end()))
  await direct.query(`drop owned by ${role}; drop role ${role}`)
})

it('P14 no secret is in what is told of a connection that cannot be made or is taken away', async () => {
  const secret = 'c4nary:@/%'
  const role = `secret_${new URL(url).pathname.slice(1)}`
  await direct.query(`create role ${role} login password '${secret}'; grant all on schema public to ${role}`)
  const own = new URL(url)
  own.username = role
  own.password = encodeURIComponent(secret)
  const broken = { db: { ssl: true }, none: { database: 'none' }, port: { port: 1 } }
  const errors = await Promise.all(
    Object.values(broken).map((config) => {
      const { hostname, port, pathname } = new URL(url)
      const parts = {
        host: hostname,
        port: Number(port || 5432),
        database: pathname.slice(1),
        user: role,
        password: secret,
      }
      return migrate(manifest, optionsFor(connect({ ...parts, ...config }))).catch((thrown: unknown) => thrown)
    }),
  )
  // The password is changed, and everybody thrown out, while the migration runs.
  const rotating = manifestOf([
    sql(0, 'create table effects (n integer)'),
    migration({
      id: 'app:1',
      uses: { db: 'sql' },
      async up({ db }) {
        const [self] = await db.rows<{ pid: number }>`select pg_backend_pid() as pid`
        await direct.query(`alter role ${role} nologin`)
        await direct.query('select pg_terminate_backend($1)', [self?.pid])
        await db.run`select 1`
      },
    }),
  ])
  errors.push(
    await migrate(rotating, optionsFor(connect({ connectionString: own.href }))).catch((thrown: unknown) => thrown),
  )
  for (const error of errors) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^MIG_R02(01|02|22)$/) })
    const told = inspect(error, { depth: 10, showHidden: true })
    expect(told).not.toContain(secret)
    expect(told).not.toContain(encodeURIComponent(secret))
  }
  await direct.query(`alter role ${role} login`)
  await Promise.all(pools.splice(1).map((one) => one.end()))
  await direct.query(`drop owned by ${role}; drop role ${role}`)
})
