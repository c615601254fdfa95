// What migrating SQLite costs against better-sqlite3 itself, in one run. Prints the tables, and where a limit is passed.
// With PEERS, the folder of another harness (`lib/peers.mjs`, installed), the rows of its tools too.
// node test/benchmarks/sqlite.mjs [rounds]
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { migrate } from '../../dist/runtime.js'
import { hashOf, idOf, manifestOf } from './manifest.mjs'
import { printPeers } from './sqlite-peers.mjs'

const LIMIT = 1.15
const JOURNALS = ['wal', 'delete']
const rounds = Number(process.argv[2] ?? 7)
/** Migrations, and rounds: one of few migrations says little, one of many takes minutes where each waits for the disk. */
const SIZES = [
  { count: 10, rounds: { delete: rounds * 7, wal: rounds * 7 } },
  { count: 1_000, rounds: { delete: Math.min(3, rounds), wal: rounds } },
  { count: 10_000, rounds: { delete: 1, wal: 1 } },
]

const statement = (index) => `CREATE TABLE t_${index}(id integer primary key, a text)`

/** Resolves to how many it applied. */
const ours = (format) => (count) => {
  const manifest = manifestOf(count, format, statement)
  return async (database) => {
    const { applied } = await migrate(manifest, { adapters: { db: betterSqlite3(database) }, state: 'db' })
    return applied.length
  }
}

const CREATE =
  'CREATE TABLE log (serial bigint PRIMARY KEY, kind text, id text, target text, generation bigint, hash text, attempt text, at text, done smallint, rest text, UNIQUE (target, id, generation))'
const TARGET = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

/**
 * The same statements in the same transactions, as somebody would write it who knows what to do: the log's table and its
 * first row, then for each migration an insert, its statement, and an update, whose rows have the same contents.
 */
function floor(count) {
  const key = JSON.stringify([hashOf(''), null, TARGET])
  const rest = (data, satisfied = []) => JSON.stringify({ satisfied, open: 0, targets: [], data })
  const migrations = Array.from({ length: count }, (_, index) => {
    const text = statement(index)
    return { id: idOf(index), hash: hashOf(text), text }
  })
  return (database) => {
    const begin = database.prepare('BEGIN IMMEDIATE')
    const commit = database.prepare('COMMIT')
    begin.run()
    database.exec(CREATE)
    const insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    const update = database.prepare('UPDATE log SET done = 1, rest = ? WHERE serial = ?')
    const now = () => new Date().toISOString()
    insert.run(0, 'genesis', null, TARGET, null, null, randomUUID(), now(), 1, rest({ lineage: TARGET, env: null }))
    commit.run()
    for (const [index, { id, hash, text }] of migrations.entries()) {
      begin.run()
      insert.run(index + 1, 'up', id, TARGET, 1, hash, randomUUID(), now(), 0, rest(null))
      database.exec(text)
      update.run(rest({ ms: 0, redo: [] }, index === count - 1 ? [key] : []), index + 1)
      commit.run()
    }
  }
}

const METHODS = { 'better-sqlite3 itself': floor, 'ours, .sql': ours('sql'), 'ours, code': ours('module') }
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]
const folder = mkdtempSync(join(tmpdir(), 'unplugin-migrations-bench-'))

/** A new file, in the folder that TMPDIR names. */
async function fresh(journal, work) {
  const file = join(folder, 'bench.db')
  const database = new Database(file)
  database.pragma(`journal_mode = ${journal}`)
  database.close()
  try {
    return await work(file)
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true })
  }
}

/** Milliseconds on the clock, and of the processor: a busy machine disturbs the second less. */
function timesOf(run, journal) {
  return fresh(journal, async (file) => {
    const database = new Database(file)
    const [before, start] = [process.cpuUsage(), performance.now()]
    await run(database)
    const [clock, { user, system }] = [performance.now() - start, process.cpuUsage(before)]
    database.close()
    return { clock, processor: (user + system) / 1_000 }
  })
}

/** One after the other in every round, in turns, so that what else the machine does meets all of them alike. */
async function measure(count, journal, times) {
  const runs = Object.entries(METHODS).map(([name, make]) => ({ name, run: make(count), times: [] }))
  // Warm, but where the disk makes a round take minutes.
  for (let round = count * times > 1_000 && times === 1 ? 0 : -1; round < times; round++)
    for (const place of runs.keys()) {
      const one = runs[(place + Math.abs(round)) % runs.length]
      const taken = await timesOf(one.run, journal)
      if (round >= 0) one.times.push(taken)
    }
  const [least] = runs.map((one) => one.times)
  const ratioOf = (all, what) => median(all.map((taken, round) => taken[what] / least[round][what]))
  return runs.map((one) => ({
    name: one.name,
    ms: median(one.times.map(({ clock }) => clock)),
    clock: ratioOf(one.times, 'clock'),
    processor: ratioOf(one.times, 'processor'),
  }))
}

try {
  console.log('\nApplying to a file; a ratio is the median of the rounds, of which each compares what ran in it')
  console.log('| journal | migrations | | ms | of better-sqlite3 itself | processor | limit |')
  console.log('|---|---:|---|---:|---:|---:|---|')
  for (const journal of JOURNALS)
    for (const { count, rounds: times } of SIZES)
      for (const { name, ms, clock, processor } of await measure(count, journal, times[journal])) {
        const verdict = clock <= LIMIT ? '' : `over ${LIMIT}`
        const cells = [journal, count, name, ms.toFixed(1), clock.toFixed(2), processor.toFixed(2), verdict]
        console.log(`| ${cells.join(' | ')} |`)
      }
  if (process.env.PEERS)
    await printPeers(process.env.PEERS, METHODS, {
      rounds: Math.min(3, rounds),
      median,
      fresh: (work) => fresh('wal', work),
    })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
