// What a boot with nothing to do costs with 10 and with 10,000 applied, and what it costs to keep the state in another
// storage, in one run. Prints the tables; fails where a limit is passed.
// node --expose-gc test/benchmarks/boot.mjs [rounds]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { memory } from '../../dist/adapters/memory.js'
import { migrate } from '../../dist/runtime.js'
import { manifestOf } from './manifest.mjs'

if (!globalThis.gc) throw new Error('run with --expose-gc')
const rounds = Number(process.argv[2] ?? 101)
/** Of time and of memory, with 10,000 against 10: the same, as well as it can be measured. */
const LIMIT = 1.25
/** In bytes: a serial has more digits. */
const BYTES = 10
/** Time for each migration, where 9,000 more are applied: what grows with all that is applied would be 10. */
const GROWTH = 2

const statement = (index) => `INSERT INTO done (migration) VALUES (${index})`
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]
const folder = mkdtempSync(join(tmpdir(), 'unplugin-migrations-bench-'))

function open(file) {
  const database = new Database(file)
  database.pragma('journal_mode = wal')
  database.exec('CREATE TABLE IF NOT EXISTS done (migration integer)')
  return database
}

/** A database that counts what its statements are and what they answer. */
function counted(database) {
  const taken = { statements: 0, bytes: 0 }
  const count = (answer) => {
    taken.statements++
    taken.bytes += Buffer.byteLength(JSON.stringify(answer ?? null))
    return answer
  }
  const proxy = new Proxy(database, {
    get(target, property) {
      if (property === 'exec') return (text) => void count(target.exec(text) && null)
      if (property !== 'prepare') return Reflect.get(target, property, target)
      return (text) => {
        const prepared = target.prepare(text)
        return {
          reader: prepared.reader,
          all: (...values) => count(prepared.all(...values)),
          run: (...values) => count(prepared.run(...values)),
        }
      }
    },
  })
  return { proxy, taken }
}

/** A database with `count` applied, and a boot on it. */
async function applied(count) {
  const file = join(folder, `${count}.db`)
  const database = open(file)
  const manifest = manifestOf(count, 'sql', statement)
  await migrate(manifest, { adapters: { db: betterSqlite3(database) }, state: 'db' })
  // What counts is what lies in the log: the manifest, of one length for both, has the digest of all.
  const short = { ...manifest, migrations: manifest.migrations.slice(0, 10) }
  const boot = async (client, known = short) => {
    const { outcome } = await migrate(known, { adapters: { db: betterSqlite3(client) }, state: 'db' })
    if (outcome !== 'current') throw new Error(outcome)
  }
  return { count, manifest, database, boot, times: [], heaps: [] }
}

async function measureBoots() {
  const boots = [await applied(10), await applied(10_000)]
  for (let round = -20; round < rounds; round++)
    for (const { database, boot, times, heaps } of round % 2 ? boots : boots.toReversed()) {
      globalThis.gc()
      const before = process.memoryUsage().heapUsed
      const start = performance.now()
      await boot(database)
      const time = performance.now() - start
      if (round < 0) continue
      times.push(time)
      heaps.push(process.memoryUsage().heapUsed - before)
    }
  const [, { manifest, database: large, boot: bootLarge }] = boots
  const whole = []
  for (let round = -20; round < rounds; round++) {
    const start = performance.now()
    await bootLarge(large, manifest)
    if (round >= 0) whole.push(performance.now() - start)
  }
  console.log(
    `\nKnowing all ${manifest.migrations.length} migrations of its manifest takes a boot ${(median(whole) - median(boots[1].times)).toFixed(2)} ms more`,
  )
  const rows = []
  for (const { count, database, boot, times, heaps } of boots) {
    const { proxy, taken } = counted(database)
    await boot(proxy)
    database.close()
    rows.push({ count, ...taken, time: median(times), heap: median(heaps) })
  }
  return rows
}

const STATES = { 'json-file': (name) => jsonFile(join(folder, `${name}.json`)), memory: () => memory() }

/** Milliseconds of processor for each migration: this is about work, not about how long a disk takes. */
async function applyElsewhere(name, count, round) {
  const key = `${name}-${count}-${round}`
  const database = open(join(folder, `${key}.db`))
  const manifest = manifestOf(count, 'sql', statement)
  const before = process.cpuUsage()
  await migrate(manifest, { adapters: { db: betterSqlite3(database), state: STATES[name](key) }, state: 'state' })
  const { user, system } = process.cpuUsage(before)
  database.close()
  return (user + system) / 1_000 / count
}

let isPassed = true
try {
  const [few, many] = await measureBoots()
  const ratios = [many.time / few.time, many.heap / few.heap]
  console.log('\nA boot with nothing to do, on SQLite; medians')
  console.log('| applied | statements | bytes read | time | heap |')
  console.log('|---:|---:|---:|---:|---:|')
  console.log(`| ${few.count} | ${few.statements} | ${few.bytes} | 1.00 | 1.00 |`)
  console.log(
    `| ${many.count} | ${many.statements} | ${many.bytes} | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} |`,
  )
  console.log(`limit ${LIMIT}, and ${BYTES} bytes`)
  isPassed =
    few.statements === many.statements &&
    Math.abs(few.bytes - many.bytes) < BYTES &&
    ratios.every((ratio) => ratio <= LIMIT)
  console.log('\nState in another storage than the target: processor time for each migration')
  console.log('| state | 1,000 | 10,000 |')
  console.log('|---|---:|---:|')
  for (const name of Object.keys(STATES)) {
    const short = []
    for (let round = 0; round < 5; round++) short.push(await applyElsewhere(name, 1_000, round))
    const growth = (await applyElsewhere(name, 10_000, 0)) / median(short)
    console.log(`| ${name} | 1.00 | ${growth.toFixed(2)} |`)
    isPassed &&= growth <= GROWTH
  }
  console.log(`limit ${GROWTH}; 10 would be linear in what is applied`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (!isPassed) process.exitCode = 1
