import { setTimeout as delay } from 'node:timers/promises'
import type { Pool as MysqlPool, RowDataPacket } from 'mysql2/promise'
import { Pool } from 'pg'
import { expect } from 'vitest'
import { type Mysql2Pool, mysql2 } from '../../src/adapters/mysql2.ts'
import { type PgPool, pg } from '../../src/adapters/pg.ts'
import { redis } from '../../src/adapters/redis.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { KeyValue, Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf } from '../runtime/manifest.ts'
import { nodeRedis } from '../servers/redis-clients.ts'

/** An application that has a database together with another. */
export interface Neighbour {
  readonly name: string
  readonly kind: 'sql' | 'kv'
  /** On a client of its own, as another process would have it. */
  connect(): Adapter
  effects(): Promise<readonly string[]>
}

const QUERY = 'select id from effects order by id'

/** @param around what the adapter sees instead of the pool */
export async function postgresApp(
  url: string,
  name: string,
  around = (pool: PgPool): PgPool => pool,
): Promise<Neighbour> {
  const pool = new Pool({ connectionString: url, max: 30, idleTimeoutMillis: 100 })
  pool.on('error', () => {})
  await pool.query(`create table if not exists effects (id text); create schema if not exists ${name}`)
  return {
    name,
    kind: 'sql',
    connect: () => pg(around({ connect: () => pool.connect() }), { schema: name }),
    effects: async () => (await pool.query<{ readonly id: string }>(QUERY)).rows.map(({ id }) => id),
  }
}

export async function mysqlApp(
  pool: MysqlPool,
  name: string,
  around = (one: Mysql2Pool): Mysql2Pool => one,
): Promise<Neighbour> {
  await pool.query('create table if not exists effects (id varchar(100)) engine = InnoDB')
  const own = { query: pool.query.bind(pool), getConnection: () => pool.getConnection() } as Mysql2Pool
  return {
    name,
    kind: 'sql',
    connect: () => mysql2(around({ ...own }), { table: `log_${name}` }),
    effects: async () => (await pool.query<({ readonly id: string } & RowDataPacket)[]>(QUERY))[0].map(({ id }) => id),
  }
}

/** @param prefix of both applications */
export function redisApp(prefix: string, name: string): Neighbour {
  const own = `${prefix}${name}:`
  return {
    name,
    kind: 'kv',
    connect: () => redis(nodeRedis(), { prefix: own }),
    async effects() {
      const text = await nodeRedis().get(`${own}effects`)
      return text === null ? [] : (JSON.parse(text) as readonly string[])
    },
  }
}

const foundation = ({ name, kind }: Neighbour): TestMigration => {
  return { id: `${name}:0000_foundation`, uses: { db: kind }, up: async () => {} }
}

/** Makes their logs: whoever makes one waits for its lock inside a statement of PostgreSQL, and tells nobody. */
async function found(both: readonly Neighbour[]): Promise<void> {
  for (const one of both) await migrate(manifestOf([foundation(one)]), { adapters: { db: one.connect() }, state: 'db' })
}

/** Its only migration that does anything. @param work what it does before its effect */
function run(
  neighbour: Neighbour,
  id: string,
  work: () => Promise<unknown> = async () => {},
  onMet: (how: 'waiting' | 'overtaken') => void = () => {},
): Promise<Result> {
  const { name, kind, connect } = neighbour
  const up = async ({ db }: { readonly db: Sql | KeyValue }): Promise<void> => {
    await work()
    if (kind === 'sql') await (db as Sql).run`insert into effects values (${id})`
    else await (db as KeyValue).set('effects', [...(((await (db as KeyValue).get('effects')) ?? []) as string[]), id])
  }
  const one = { id: `${name}:0001_${id}`, uses: { db: kind }, up: up as never }
  return migrate(manifestOf([foundation(neighbour), one]), {
    adapters: { db: connect() },
    state: 'db',
    onEvent: ({ type }) => void ((type === 'waiting' || type === 'overtaken') && onMet(type)),
  })
}

export interface Beside {
  /** What the one that came later did meanwhile. */
  readonly later: 'ended' | 'waits'
  /** How they met, if they did. */
  readonly met: readonly string[]
}

/** One is in the middle of its migration when the other begins; then both end. */
export async function besideOneAtWork([first, second]: readonly Neighbour[]): Promise<Beside> {
  if (!first || !second) return expect.unreachable('there are two')
  await found([first, second])
  const begun = latch()
  const go = latch()
  const met: string[] = []
  const work = (): Promise<void> => {
    begun.open()
    return go.opened
  }
  const one = run(first, 'one', work, (how) => met.push(how))
  await begun.opened
  const waits = latch()
  const other = run(second, 'two', undefined, (how) => {
    met.push(how)
    waits.open()
  })
  const later = await Promise.race([other.then(() => 'ended' as const), waits.opened.then(() => 'waits' as const)])
  go.open()
  await Promise.all([one, other])
  return { later, met }
}

/** Runs of both, all at once. */
export async function applyBoth(both: readonly Neighbour[], runs: number): Promise<void> {
  await found(both)
  const all = Array.from({ length: runs / 2 }, () => both.map((one) => run(one, one.name, () => delay(20)))).flat()
  const results = await Promise.all(all)
  expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(2)
}

/** Both have had their effect, once. */
export async function assertOnce(both: readonly Neighbour[]): Promise<void> {
  const effects = new Set((await Promise.all(both.map((one) => one.effects()))).map((all) => all.join()))
  const [first] = both
  // Those of SQL have one table for both.
  expect([...effects]).toEqual(first?.kind === 'sql' ? ['one,two'] : ['one', 'two'])
}

interface Latch {
  readonly opened: Promise<void>
  open(): void
}

function latch(): Latch {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
