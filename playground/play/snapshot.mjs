import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import Database from 'better-sqlite3'

/** @typedef {Readonly<Record<string, unknown>>} Row */

/**
 * All that the site's storages hold.
 * @typedef {object} Snapshot
 * @property {ReadonlyMap<string, readonly Row[]>} tables The site's tables and views, by name.
 * @property {readonly Row[]} log Of the database, which is the state store.
 * @property {readonly string[]} damage What the database's own checks complain about.
 * @property {ReadonlyMap<string, string>} pictures Path below the files storage → SHA-256 of the file.
 * @property {ReadonlyMap<string, unknown>} events
 */

/**
 * @param {string} data
 * @returns {Promise<Snapshot>}
 */
export async function takeSnapshot(data) {
  const database = new Database(join(data, 'travel.db'), { readonly: true })
  const names = /** @type {string[]} */ (
    database
      .prepare(
        `select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name`,
      )
      .pluck()
      .all()
  )
  /** @type {Map<string, readonly Row[]>} */
  const tables = new Map()
  for (const name of names) tables.set(name, readRows(database, name))
  const log = tables.get(LOG) ?? []
  tables.delete(LOG)
  const damage = [database.pragma('integrity_check'), database.pragma('foreign_key_check')]
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((row) => row !== '{"integrity_check":"ok"}')
  database.close()
  return {
    tables,
    log,
    damage,
    pictures: await readPictures(join(data, 'files')),
    events: await readEvents(join(data, 'events.json')),
  }
}

/**
 * @param {Snapshot} snapshot
 * @param {string} table
 */
export function rowsOf(snapshot, table) {
  return snapshot.tables.get(table) ?? []
}

const LOG = 'unplugin_migrations'

/**
 * @param {Database.Database} database
 * @param {string} table
 */
function readRows(database, table) {
  return /** @type {Row[]} */ (database.prepare(`select * from "${table}" order by 1`).all())
}

/** @param {string} root */
async function readPictures(root) {
  /** @type {Map<string, string>} */
  const pictures = new Map()
  for (const entry of await readdir(join(root, 'pictures'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = file
      .slice(root.length + 1)
      .split(sep)
      .join('/')
    pictures.set(
      path,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    )
  }
  return pictures
}

/** @param {string} file */
async function readEvents(file) {
  return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8'))))
}
