import type { Connection, Pool, PoolOptions, RowDataPacket } from 'mysql2/promise'
import { describe, expect, it } from 'vitest'
import { type Mysql2Connection, type Mysql2Pool, type Mysql2Query, mysql2 } from '../../src/adapters/mysql2.ts'
import { entryAt } from '../../src/testing/log-entries.ts'
import { migration } from '../runtime/manifest.ts'
import { mariadbUrl } from '../servers/mariadb.ts'
import { SQL, failureOf, useDatabase } from './mysql-database.ts'

const database = useDatabase()
const effects = migration({ ...SQL, id: 'app:0_effects', sql: 'create table effects (id text)' })

/** A driver that does something else with what our connections send. */
function rewriting(pool: Pool, send: (connection: Connection, sql: string) => Promise<unknown>): Pool {
  const own: Mysql2Pool = {
    query: (query) => pool.query(query as { sql: string }),
    async getConnection() {
      const connection = await pool.getConnection()
      const mine: Mysql2Connection = {
        query: async (query: Mysql2Query | string) =>
          (await send(connection, typeof query === 'string' ? query : query.sql)) as [unknown],
        release: () => connection.release(),
        destroy: () => connection.destroy(),
      }
      return mine
    },
  }
  return own as unknown as Pool
}

describe.skipIf(mariadbUrl === undefined)('sessions of mysql2', () => {
  const settings: readonly (readonly [string, readonly string[], PoolOptions])[] = [
    ['autocommit off', ['set autocommit = 0'], {}],
    ['no strict mode', ["set sql_mode = ''"], {}],
    ['ANSI_QUOTES', ["set sql_mode = 'ANSI_QUOTES'"], {}],
    ['NO_BACKSLASH_ESCAPES', ["set sql_mode = 'NO_BACKSLASH_ESCAPES'"], {}],
    ['ORACLE', ["set sql_mode = 'ORACLE'"], {}],
    ['SERIALIZABLE', ['set session transaction isolation level serializable'], {}],
    ['latin1', ['set names latin1'], { charset: 'LATIN1_SWEDISH_CI' }],
    ['affected rows for found rows', [], { flags: ['-FOUND_ROWS'] }],
    ['rows as arrays', [], { rowsAsArray: true }],
    ['numbers as text', [], { supportBigNumbers: true, bigNumberStrings: true, dateStrings: true }],
    ['values as text', [], { typeCast: (field) => field.string() }],
    ['several statements, named placeholders', [], { multipleStatements: true, namedPlaceholders: true }],
  ]
  it.each(settings)('P15: a connection with %s does the same', async (_, statements, options) => {
    const pool = database.pool(options)
    pool.on('connection', (connection) => {
      for (const statement of statements) void connection.query(statement)
    })
    const text = String.raw`it's "\n\\' :a ? %`
    const migrations = [
      effects,
      migration({
        ...SQL,
        id: 'app:1',
        async up({ db }) {
          await db.run`insert into effects values (${text})`
          await db.run`alter table effects add column n int default 7`
          await db.run`update effects set n = 7 where n = ${7}`
        },
      }),
    ]
    expect((await database.migrate(migrations, { pool })).applied).toHaveLength(2)
    expect(await database.rows('select * from effects')).toEqual([{ id: text, n: 7 }])
    expect(await database.log()).toEqual(['genesis', 'begin 1', 'end 1', 'up', 'end 1', 'begin 2', 'end 2', 'up'])
    expect(await database.migrate(migrations, { pool })).toMatchObject({ outcome: 'current' })
    expect(await database.rows('select * from unplugin_migrations where done = 0')).toEqual([])
  })

  it('P16: takes neither NULL nor 0 nor an error of GET_LOCK for a lock (as ecto and kysely did)', async () => {
    const answers: string[] = []
    const answering = (timeout: string): Pool =>
      rewriting(database.pool(), async (connection, sql) => {
        const answer = await connection.query({ sql: sql.replace(/GET_LOCK\((.*), 0\)\) AS/, timeout) })
        if (sql.includes('GET_LOCK')) answers.push(String(Object((answer[0] as readonly unknown[])[0]).granted))
        return answer
      })
    for (const [timeout, granted] of [
      ['GET_LOCK($1, -1)) AS', 'null'],
      ['0) AS', '0'],
    ] as const) {
      const error = await failureOf(database.migrate([effects], { pool: answering(timeout), wait: 0 }))
      expect(error.code).toBe('MIG_R0205')
      expect(answers.splice(0)).toContain(granted)
    }
    const long = answering("GET_LOCK(REPEAT('k', 193), 0)) AS")
    expect((await failureOf(database.migrate([effects], { pool: long, wait: 0 }))).code).toBe('MIG_R0207')
    expect(await database.rows('show tables')).toEqual([])
    // The control: the same driver, with what it is asked for.
    expect((await database.migrate([effects], { pool: answering('GET_LOCK($1, 0)) AS') })).applied).toHaveLength(1)
    expect(answers).toContain('1')
  })

  it('P16: tells logs with long names apart, and those of different databases', async () => {
    const table = 't'.repeat(62)
    const opened = [`${table}a`, `${table}b`, `${table}a`].map((name) =>
      mysql2(database.pool(), { table: name }).open(),
    )
    const [one, two, again] = await Promise.all(opened)
    expect(await one?.tryLock?.()).toBe(true)
    expect(await two?.tryLock?.()).toBe(true)
    expect(await again?.tryLock?.()).toBe(false)
    expect(await one?.unlock?.()).toBe(true)
    expect(await one?.unlock?.()).toBe(false)
    expect(await again?.tryLock?.()).toBe(true)
    for (const session of [one, two, again]) await session?.close()
  })

  it('P09: sees that the server has closed an idle connection before it sends the next statement', async () => {
    let isIdle = true
    const up = migration({
      ...SQL,
      id: 'app:1',
      async up({ db }) {
        await db.run`create table one (id int)`
        if (isIdle) {
          await db.run`set session wait_timeout = 1`
          await new Promise((resolve) => setTimeout(resolve, 2500))
        }
        await db.run`create table two (id int)`
      },
    })
    const error = await failureOf(database.migrate([effects, up]))
    expect(error).toMatchObject({ code: 'MIG_R0271', id: 'app:1' })
    expect(await database.rows("show tables like 'two'")).toEqual([])
    isIdle = false
    expect((await database.migrate([effects, up])).applied).toHaveLength(1)
    expect((await database.log()).slice(4)).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'up'])
  })

  it.each(['kill', 'release_all_locks'])(
    'P09: goes no further without its lock, lost by %s (goose did)',
    async (way) => {
      const up = migration({
        ...SQL,
        id: 'app:1',
        async up({ db }) {
          await db.run`create table one (id int)`
          const [row] = await db.rows<{ readonly id: number }>`select connection_id() id`
          if (way === 'kill') await database.rows(`kill ${row?.id}`)
          else await db.rows`select release_all_locks()`
          await db.run`insert into effects values ('lost')`
          await db.run`create table two (id int)`
        },
      })
      const error = await failureOf(database.migrate([effects, up]))
      expect(error.code).toBe('MIG_R0271')
      expect(await database.rows('select * from effects')).toEqual([])
      expect(await database.rows("show tables like 'two'")).toEqual([])
      const locks = "select 1 from information_schema.metadata_lock_info where lock_type = 'User lock'"
      expect(await database.rows(locks).catch(() => [])).toEqual([])
    },
  )

  it('P10: stops where the driver hands another connection to the next statement (Rails went on)', async () => {
    const pool = database.pool()
    const others: Connection[] = []
    let isSwitched = false
    const switching = rewriting(pool, async (connection, sql) => {
      if (sql.startsWith('create table one')) isSwitched = true
      if (isSwitched && others.length === 0) others.push(await pool.getConnection())
      return (isSwitched && !sql.startsWith('create table one') ? (others[0] ?? connection) : connection).query({ sql })
    })
    const up = migration({ ...SQL, id: 'app:1', sql: 'create table one (id int); create table two (id int)' })
    await database.migrate([effects])
    const error = await failureOf(database.migrate([effects, up], { pool: switching }))
    expect(error.code).toBe('MIG_R0271')
    expect(error.message).toMatch(/connection \d+, not \d+/)
    expect(await database.rows("show tables like 'two'")).toEqual([])
    const next = await failureOf(database.migrate([effects, up]))
    expect(next.code).toBe('MIG_R0270')
  })

  it.each([
    ['before a statement', 'create table two (id int)', 0],
    ['while a statement runs', 'create table two select sleep(0.6) as id', 200],
  ])('plans again, and goes on behind what ran, where somebody writes to the log %s', async (_, second, after) => {
    const write = `insert into unplugin_migrations (serial, kind, target, attempt, at, done, rest)
      select max(serial) + 1, 'checked', max(target), 'other', '', 1,
      '{"satisfied":[],"open":0,"targets":[],"data":null}' from unplugin_migrations`
    let tries = 0
    const events: string[] = []
    const up = migration({
      ...SQL,
      id: 'app:1',
      async up({ db }) {
        await db.run`create table one (id int)`
        const writing =
          tries++ === 0 && new Promise((resolve) => setTimeout(resolve, after)).then(() => database.rows(write))
        if (after === 0) await writing
        await db.script(second)
        await writing
        await db.run`insert into effects values ('once')`
      },
    })
    const onEvent = ({ type }: { readonly type: string }): void => void events.push(type)
    expect((await database.migrate([effects, up], { onEvent })).applied).toHaveLength(2)
    expect(tries).toBe(2)
    expect(events).toContain('overtaken')
    expect(await database.rows('select * from effects')).toEqual([{ id: 'once' }])
    const log = (await database.log()).slice(4)
    const first = ['begin 1', 'end 1']
    if (after === 0) expect(log).toEqual([...first, 'checked', 'begin 2', 'end 2', 'up'])
    else expect(log).toEqual([...first, 'begin 2', 'checked', 'end 2', 'up'])
  })

  it('P11: says that a server is read only, and changes nothing', async () => {
    const pool = database.pool()
    pool.on('connection', (connection) => void connection.query('set session transaction read only'))
    const adapter = mysql2(pool)
    await database.migrate([effects])
    const up = migration({ ...SQL, id: 'app:1', sql: 'insert into effects values (1)' })
    const error = await failureOf(database.migrate([effects, up], { pool }))
    expect(adapter.classify(error.cause)).toBe('read-only')
    expect(await database.rows('select * from effects')).toEqual([])
  })

  it('N13: lets others use a table while a definition waits for one of them', async () => {
    await database.migrate([effects])
    const holder = await database.pool().getConnection()
    await holder.query('start transaction')
    await holder.query('select * from effects')
    const up = migration({ ...SQL, id: 'app:1', sql: 'alter table effects add column n int' })
    const work = database.migrate([effects, up])
    const waits = "select 1 from information_schema.processlist where info like 'alter%' and state like 'Waiting%'"
    while ((await database.rows(waits)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    // Behind the definition, which waits for the transaction that is still open.
    expect(await database.rows('select * from effects')).toEqual([])
    await holder.query('commit')
    holder.release()
    expect((await work).applied).toHaveLength(1)
    expect((await database.log()).slice(4)).toEqual(['begin 1', 'end 1', 'up'])
  })

  it('leaves the limit of its waiting to nobody', async () => {
    const pool = database.pool({ connectionLimit: 1 })
    const ask = 'select connection_id() id, @@lock_wait_timeout n, @unplugin_migrations own'
    const [before] = await pool.query(ask)
    await database.migrate([effects], { pool })
    expect((await pool.query(ask))[0]).toEqual(before)
    await pool.end()
  })

  it('gives back a connection without a transaction where a unit could not begin', async () => {
    const pool = database.pool({ connectionLimit: 1 })
    const session = await mysql2(pool).open()
    await mysql2(database.pool()).log.append([entryAt(0)])
    const gap = entryAt(5, { kind: 'up', id: 'app:1', generation: 1, done: false })
    await expect(session.begin?.(gap)).rejects.toMatchObject({ code: 'MIG_R0221' })
    await session.close()
    const [[row]] = await pool.query<RowDataPacket[]>('select @@in_transaction as open')
    expect(row).toEqual({ open: 0 })
    await pool.end()
  })

  it('takes the lock again with a session that has given it back', async () => {
    const session = await mysql2(database.pool()).open()
    for (const _ of [1, 2]) {
      expect(await session.tryLock?.()).toBe(true)
      expect(await session.unlock?.()).toBe(true)
    }
    await session.close()
  })
})
