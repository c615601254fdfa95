import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import Database from 'better-sqlite3'

/** @typedef {Readonly<Record<string, unknown>>} Row */

/**
 * All that the site's storages hold.
 * @typedef {object} Snapshot
 * @property {ReadonlyMap<string, readonly Row[]>} tables The site's tables and views, by name.
 * @property {ReadonlyMap<string, readonly string[]>} types Of the columns of each.
 * @property {readonly Row[]} log Of the database, which is the state store.
 * @property {readonly string[]} damage What the database's own checks complain about.
 * @property {ReadonlyMap<string, string>} files Path → SHA-256, of every file but the database's: the pictures, the
 * events, and the logs beside them.
 * @property {ReadonlyMap<string, string>} pictures Those of them that are pictures, by their path in the files storage.
 * @property {ReadonlyMap<string, unknown>} events
 */

/**
 * @param {string} data
 * @returns {Promise<Snapshot>}
 */
export async function takeSnapshot(data) {
  const files = await readHashes(data)
  const pictures = [...files].filter(([path]) => PICTURE.test(path))
  return {
    ...readDatabase(join(data, 'travel.db')),
    files,
    pictures: new Map(pictures.map(([path, hash]) => [path.slice('files/'.length), hash])),
    events: new Map(Object.entries(JSON.parse(await readFile(join(data, 'events.json'), 'utf8')))),
  }
}

const PICTURE = /^files\/pictures\/.*\.(png|jpe?g)$/

/**
 * @param {Snapshot} snapshot
 * @param {string} table
 */
export function rowsOf(snapshot, table) {
  return snapshot.tables.get(table) ?? []
}

/**
 * @param {string} file
 * @returns {Pick<Snapshot, 'tables' | 'types' | 'log' | 'damage'>}
 */
function readDatabase(file) {
  const database = new Database(file, { readonly: true })
  const names = /** @type {string[]} */ (database.prepare(TABLES).pluck().all())
  const tables = new Map(names.map((name) => [name, readRows(database, name)]))
  const types = new Map(names.map((name) => [name, readTypes(database, name)]))
  const damage = [database.pragma('integrity_check'), database.pragma('foreign_key_check')]
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((row) => row !== '{"integrity_check":"ok"}')
  database.close()

  const log = tables.get(LOG) ?? []
  tables.delete(LOG)
  return { tables, types, log, damage }
}

const LOG = 'unplugin_migrations'
const TABLES =
  "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name"

/**
 * @param {Database.Database} database
 * @param {string} table
 */
function readRows(database, table) {
  return /** @type {Row[]} */ (database.prepare(`select * from "${table}" order by 1`).all())
}

/**
 * @param {Database.Database} database
 * @param {string} table
 */
function readTypes(database, table) {
  const columns = /** @type {readonly { readonly type: string }[]} */ (database.pragma(`table_info("${table}")`))
  return columns.map(({ type }) => type.toLowerCase())
}

/** @param {string} root */
async function readHashes(root) {
  /** @type {[string, string][]} */
  const hashes = []
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('travel.db')) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(root, file).split(sep).join('/')
    hashes.push([
      path,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ])
  }
  return new Map(hashes.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
