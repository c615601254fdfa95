// node clock-once.mjs <SQLite file> <how many migrations> <years that its clock is ahead>
// Prints what it applied, and the year that it believes in.
import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { migrate } from '../../dist/runtime.js'
import { chain } from './chain.mjs'

const [file, count, years] = process.argv.slice(2)
const ahead = Number(years) * 365 * 24 * 3600 * 1000
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...parameters) {
    if (parameters.length === 0) super(RealDate.now() + ahead)
    else super(...parameters)
  }
  static now() {
    return RealDate.now() + ahead
  }
}

const migrations = chain(
  Array.from({ length: Number(count) }, (_, index) => ({
    uses: { db: 'sql', events: 'kv' },
    members: {
      async up({ db, events }) {
        await db.script('create table if not exists effects (n integer)')
        await db.run`insert into effects values (${index + 1})`
        await events.set(`${index + 1}`, new Date().getFullYear())
      },
    },
  })),
)
const { outcome, applied, findings } = await migrate(
  { v: 1, digest: count, retired: [], migrations },
  { adapters: { db: betterSqlite3(new Database(file)), events: jsonFile(`${file}.json`) }, state: 'db' },
)
console.log(JSON.stringify({ outcome, applied: applied.map(({ id }) => id), findings, year: new Date().getFullYear() }))
