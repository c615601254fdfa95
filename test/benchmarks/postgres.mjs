// What migrating PostgreSQL costs against bare messages to it, and against other tools, in one run on a server that is
// 5 ms away and commits as it does in production, to the disk. Prints the tables; fails where a boot costs more than it
// may. A server of its own, or the one that DATABASE_URL names.
// With PEERS, the folder of another harness (`lib/peers.mjs`, installed), the rows of its tools too.
// node test/benchmarks/postgres.mjs [rounds]
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Client, Pool } from 'pg'
import { pg } from '../../dist/adapters/pg.js'
import { migrate } from '../../dist/runtime.js'
import scripts from '../../dist/strategies/scripts.js'
import { startPostgres } from '../../playground/servers/postgres.mjs'
import { delayProxy } from './delay-proxy.mjs'
import { manifestOf as plainManifest } from './manifest.mjs'

const ROUND_TRIP = 5
const COUNT = 100
const LIMIT = 1.2
/** In bytes: a serial has more digits. */
const BOOT_DIFFERENCE = 10
const rounds = Number(process.argv[2] ?? 11)

const server = await startPostgres(process.env.DATABASE_URL, 'kept')
const { hostname, port } = new URL(server.url)
const proxy = await delayProxy({ host: hostname, port: Number(port || 5432) }, ROUND_TRIP)
const names = []
const admin = new Client({ connectionString: server.url })
await admin.connect()

async function freshDatabase() {
  const name = `unplugin_migrations_bench_${randomBytes(6).toString('hex')}`
  names.push(name)
  await admin.query(`CREATE DATABASE ${name}`)
  const near = new URL(server.url)
  near.pathname = `/${name}`
  const far = new URL(near)
  far.hostname = '127.0.0.1'
  far.port = String(proxy.port)
  return { near: near.href, far: far.href }
}

const statement = (index) => `CREATE TABLE t_${index}(id integer primary key, a text)`

/** @param {'sql' | 'module'} format */
const manifestOf = (count, format = 'sql') => ({ ...plainManifest(count, format, statement), scripts })

async function withPool(url, work) {
  const pool = new Pool({ connectionString: url, max: 1 })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const ours = (manifest) => (url) =>
  withPool(url, (pool) => migrate(manifest, { adapters: { db: pg(pool) }, state: 'db' }))

/** The same statements and nothing else. */
const floor = (url) =>
  withPool(url, (pool) =>
    pool.query(Array.from({ length: COUNT }, (_, index) => `BEGIN;${statement(index)};COMMIT`).join(';')),
  )

const METHODS = {
  'one message, a transaction each': floor,
  'ours, .sql': ours(manifestOf(COUNT)),
  'ours, code': ours(manifestOf(COUNT, 'module')),
  ...(await peers()),
}

/** The tools that PEERS has for PostgreSQL, by name. */
async function peers() {
  const folder = process.env.PEERS
  if (!folder) return {}
  const load = (file) => import(pathToFileURL(join(folder, 'lib', file)).href)
  const [{ peers: all }, { fixture }] = [await load('peers.mjs'), await load('fixtures.mjs')]
  const wanted = ['umzug:pg', 'kysely:pg', 'drizzle:pg', 'knex:pg', 'node-pg-migrate:pg', 'node-pg-migrate-sql:pg']
  return Object.fromEntries(
    wanted.map((name) => {
      const { load: open, run, close, fixture: format } = all[name]
      const dir = format && fixture(format, COUNT)
      return [
        name,
        async (url) => {
          const handle = await open()
          await run(handle, { n: COUNT, kind: 'ddl', url, dir })
          await close?.(handle)
        },
      ]
    }),
  )
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** One after the other in every round, so that what else the machine does meets all of them alike. */
async function measure() {
  const apply = new Map(Object.keys(METHODS).map((name) => [name, []]))
  const again = new Map(Object.keys(METHODS).map((name) => [name, []]))
  const trips = new Map()
  for (let round = -1; round < rounds; round++)
    for (const [name, run] of Object.entries(METHODS)) {
      const { far } = await freshDatabase()
      for (const times of [apply, ...(run === floor ? [] : [again])]) {
        proxy.taken()
        const start = performance.now()
        await run(far)
        if (round >= 0) times.get(name).push(performance.now() - start)
        trips.set(name, [...(times === apply ? [] : trips.get(name)), proxy.taken().trips])
      }
      await dropDatabases()
    }
  return { apply, again, trips }
}

/** Not by force: a pool has ended before its connections are closed, and to throw these out ends this process. */
async function dropDatabases() {
  const all = names.splice(0)
  const isUsed = async () =>
    (await admin.query('SELECT 1 FROM pg_stat_activity WHERE datname = ANY ($1)', [all])).rows.length > 0
  while (await isUsed()) await delay(10)
  for (const name of all) await admin.query(`DROP DATABASE IF EXISTS ${name}`)
}

/** Bytes and round trips of a boot with nothing to do, connecting included. */
async function boot(count) {
  const { near, far } = await freshDatabase()
  const manifest = manifestOf(count)
  // What counts is what lies in the log.
  const migrations = manifest.migrations.map((one) => ({ ...one, load: async () => ({ default: { up: 'select 1' } }) }))
  await ours({ ...manifest, migrations })(near)
  proxy.taken()
  const { outcome } = await ours(manifest)(far)
  const cost = { outcome, ...proxy.taken() }
  await dropDatabases()
  return cost
}

let isPassed = false
try {
  const { apply, again, trips: spoken } = await measure()
  const bare = apply.get('one message, a transaction each')
  // What the machine does beside it, the disk above all, lasts longer than a round and meets both.
  const ratioOf = (times) => median(times.map((time, round) => time / bare[round]))
  console.log(`\n${COUNT} migrations, ${ROUND_TRIP} ms away, medians of ${rounds} rounds, connecting included`)
  console.log('| | apply, ms | of the message | round trips | nothing to do, ms | round trips |')
  console.log('|---|---:|---:|---:|---:|---:|')
  for (const name of Object.keys(METHODS)) {
    const [times, noop] = [apply.get(name), median(again.get(name))]
    const [one, other] = spoken.get(name)
    const cells = [median(times).toFixed(0), ratioOf(times).toFixed(2), one, noop?.toFixed(0) ?? '', other ?? '']
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  const ratio = ratioOf(apply.get('ours, .sql'))
  const boots = [await boot(10), await boot(10_000)]
  console.log(`\nnothing to do with 10 applied: ${JSON.stringify(boots[0])}, with 10,000: ${JSON.stringify(boots[1])}`)
  const isCheap = boots.every(({ outcome, trips: all }) => outcome === 'current' && all === boots[0].trips)
  const isSmall = Math.abs(boots[0].bytes - boots[1].bytes) < BOOT_DIFFERENCE
  console.log(`${ratio.toFixed(2)} of one message${ratio <= LIMIT ? '' : `: over ${LIMIT}`}`)
  isPassed = isCheap && isSmall
} finally {
  await dropDatabases()
  await admin.end()
  proxy.stop()
  await server.stop()
}
if (!isPassed) process.exitCode = 1
