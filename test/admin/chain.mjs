// One process beside others over two databases and a folder: what is in the second and in the folder depends on the first.
// node chain.mjs <folder> <command> [file to wait for before it starts]
// PAUSE: `up` stops in the work of b:1, `down` and `before` before the unit of a down, or of b:1, begins, until the file
// `go-<where>` is there.
// INTENTS=off: announcements of downs are not written. SERIALS=off: an entry goes to the end of the log, wherever that is
// by now; GENERATIONS=off: and whatever its generation is. DATABASES: two PostgreSQL URLs, else SQLite files in the folder.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createMigrator } from '../../dist/admin.js'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { pg } from '../../dist/adapters/pg.js'
import { hooks, migrate } from '../../dist/runtime.js'
import storages from '../../dist/runtime/several/storages.js'

const { PAUSE, INTENTS, SERIALS, GENERATIONS, DATABASES } = process.env
const [home, command, start] = process.argv.slice(2)
const ends = []

async function pause(where) {
  if (where !== PAUSE) return
  writeFileSync(join(home, `at-${where}`), '')
  while (!existsSync(join(home, `go-${where}`))) await delay(5)
}

const FILE = 'b.txt'

function migration(id, role, parents, more = {}) {
  const { uses = {}, leave = async () => {}, clear = async () => {} } = more
  const up = async (context) => {
    await context[role].run`insert into effects values (${id})`
    await leave(context)
  }
  const down = async (context) => {
    const rows = await context[role].rows`select 1 from effects where id = ${id}`
    if (rows.length !== 1) throw new Error(`${id} has left ${rows.length} rows`)
    await context[role].run`delete from effects where id = ${id}`
    await clear(context)
  }
  return {
    id,
    version: '1.0.0',
    hash: `h0:${id}`,
    accepted: [],
    format: 'module',
    variants: [],
    formerly: [],
    replaces: [],
    labels: [],
    has: ['up', 'down'],
    uses: { [role]: 'sql', ...uses },
    parents,
    after: [],
    load: async () => ({ default: { up, down } }),
  }
}

const migrations = [
  migration('a:1', 'one', []),
  migration('b:1', 'two', [0], {
    uses: { folder: 'files' },
    async leave({ folder }) {
      await folder.write(FILE, new Uint8Array([1]))
      await pause('up')
    },
    clear: ({ folder }) => folder.remove(FILE),
  }),
]
const manifest = { v: 1, digest: 'chain', retired: [], migrations, storages }

async function connect(name) {
  if (DATABASES !== undefined) {
    const { Pool } = await import('pg')
    const pool = new Pool({ connectionString: DATABASES.split(' ')[name === 'one' ? 0 : 1], max: 2 })
    ends.push(() => pool.end())
    return pg(pool)
  }
  const { default: Database } = await import('better-sqlite3')
  const database = new Database(join(home, `${name}.db`))
  ends.push(() => database.close())
  return betterSqlite3(database)
}

/**
 * Loses announcements: says that they are written, and reads them as if they were. Believes in them, so that it must not
 * tidy up after others.
 */
function withoutIntents(adapter) {
  const lost = new Map()
  const append = async (entries) => {
    if (entries[0]?.kind !== 'intent') return adapter.log.append(entries)
    for (const entry of entries) lost.set(entry.serial, entry)
    return 'appended'
  }
  async function* read(after) {
    let end = after
    for await (const entry of adapter.log.read(after)) {
      end = entry.serial
      yield lost.get(end) ?? entry
    }
    while (lost.has(end + 1)) yield lost.get(++end)
  }
  const open = async () => ({ ...(await adapter.open()), staged: async () => [] })
  return { ...adapter, open, log: { head: () => adapter.log.head(), read, append } }
}

/** Appends like a log that only grows. */
function atTheEnd(adapter) {
  async function begin(session, entry) {
    const head = await adapter.log.head()
    const more = GENERATIONS === 'off' ? { generation: entry.generation + 100 } : {}
    return session.begin({ ...entry, serial: head.last.serial + 1, ...more })
  }
  async function open() {
    const session = await adapter.open()
    return session.begin ? { ...session, begin: (entry) => begin(session, entry) } : session
  }
  return { ...adapter, open }
}

const given = [await connect('one'), await connect('two'), files(join(home, 'files'))]
const unprotected = INTENTS === 'off' ? withoutIntents : SERIALS === 'off' ? atTheEnd : (adapter) => adapter
const [one, two, folder] = given.map((adapter) => unprotected(adapter))
const state = jsonFile(join(home, 'state.json'))
const options = {
  adapters: { one, two, folder },
  state,
  wait: 30_000,
  hooks: hooks({
    beforeEach({ kind, id }) {
      if (kind === 'down') return pause('down')
      return id === 'b:1' ? pause('before') : undefined
    },
  }),
}
const COMMANDS = {
  migrate: () => migrate(manifest, options),
  first: () => migrate({ ...manifest, digest: 'first', migrations: migrations.slice(0, 1) }, options),
  down: () => createMigrator(manifest, options).down('base'),
  redo: () => createMigrator(manifest, options).redo('a:1'),
  moveState: () => createMigrator(manifest, options).moveState(state, jsonFile(join(home, 'moved.json'))),
  migrateMoved: () => migrate(manifest, { ...options, state: jsonFile(join(home, 'moved.json')) }),
}
if (start !== undefined) while (!existsSync(start)) await delay(1)
const result = await COMMANDS[command]()
for (const end of ends) await end()
console.log(JSON.stringify(result))
