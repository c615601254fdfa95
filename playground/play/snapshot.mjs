import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { sqliteDatabase } from './databases/sqlite.mjs'

/** @typedef {import('./databases/database.d.mts').Row} Row */
/** @typedef {import('./databases/database.d.mts').DatabaseContent} DatabaseContent */

/**
 * All that the site's storages hold.
 * @typedef {object} Snapshot
 * @property {DatabaseContent['tables']} tables Of the site.
 * @property {DatabaseContent['types']} types
 * @property {readonly string[]} damage In any of the databases.
 * @property {readonly Row[]} log Of the state store.
 * @property {readonly Row[]} databaseLog Of the site's database: the same where that is the state store.
 * @property {ReadonlyMap<string, string>} files Path → SHA-256, of every file but the databases': the pictures, the
 * events, and the logs beside them.
 * @property {ReadonlyMap<string, string>} pictures Those of them that are the site's pictures, by their path in the
 * files storage.
 * @property {ReadonlyMap<string, unknown> | null} events `null`: there is no such storage.
 * @property {{ readonly images: readonly Row[], readonly log: readonly Row[], readonly pictures: ReadonlyMap<string, string> }} avatars
 * The second instance of the images component; empty where there is none.
 */

/**
 * @param {import('./installation.mjs').Installation} installation
 * @returns {Promise<Snapshot>}
 */
export async function takeSnapshot({ data, database, events, readLog }) {
  const files = await readHashes(data)
  const { tables, types, log: databaseLog, damage } = await database.read()
  const avatars = join(data, 'avatars.db')
  const second = existsSync(avatars) ? await sqliteDatabase(avatars).read() : null
  return {
    tables,
    types,
    damage: [...damage, ...(second?.damage ?? [])],
    log: await readLog(),
    databaseLog,
    files,
    pictures: below('files/', files),
    events: await events.read(),
    avatars: {
      images: second?.tables.get('images') ?? [],
      log: second?.log ?? [],
      pictures: below('avatars/', files),
    },
  }
}

/**
 * The pictures among `files` in a files storage, by their paths in it.
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} files
 */
function below(folder, files) {
  return new Map(
    [...files].flatMap(([path, hash]) => {
      const own = path.startsWith(folder) ? path.slice(folder.length) : ''
      return /^pictures\/.*\.(png|jpe?g)$/.test(own) ? [/** @type {const} */ ([own, hash])] : []
    }),
  )
}

/**
 * @param {Snapshot} snapshot
 * @param {string} table
 */
export function rowsOf(snapshot, table) {
  return snapshot.tables.get(table) ?? []
}

/** @param {string} root */
async function readHashes(root) {
  /** @type {[string, string][]} */
  const hashes = []
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || DATABASE_FILE.test(entry.name)) continue
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

const DATABASE_FILE = /\.db(-wal|-shm)?$/
