import Database from 'better-sqlite3'

/** @typedef {import('./database.d.mts').Row} Row */

/**
 * @param {string} file
 * @returns {import('./database.d.mts').PlayDatabase}
 */
export function sqliteDatabase(file) {
  return {
    async insert(table, rows) {
      const database = new Database(file)
      const columns = Object.keys(rows[0] ?? {})
      const statement = database.prepare(
        `insert into ${table} (${columns.join(', ')}) values (${columns.map((column) => `@${column}`).join(', ')})`,
      )
      for (const row of rows) statement.run(row)
      database.close()
    },

    async read() {
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
    },
  }
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
