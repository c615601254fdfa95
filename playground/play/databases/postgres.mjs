import { Client } from 'pg'

/** @typedef {import('./database.d.mts').Row} Row */

/**
 * @param {string} url
 * @returns {import('./database.d.mts').PlayDatabase}
 */
export function postgresDatabase(url) {
  return {
    insert: (table, rows) =>
      withClient(url, async (client) => {
        for (const row of rows) {
          const columns = Object.keys(row)
          const places = columns.map((_, index) => `$${index + 1}`)
          await client.query(`insert into ${table} (${columns}) values (${places})`, Object.values(row))
        }
      }),

    read: () =>
      withClient(url, async (client) => {
        /** @type {Map<string, readonly Row[]>} */
        const tables = new Map()
        /** @type {Map<string, readonly string[]>} */
        const types = new Map()
        for (const { name } of (await client.query(TABLES)).rows) {
          tables.set(name, (await client.query(`select * from "${name}" order by 1`)).rows)
          types.set(name, (await client.query(TYPES, [name])).rows.map(typeIn))
        }
        const log = tables.get(LOG) ?? []
        tables.delete(LOG)
        return { tables, types, log, damage: (await client.query(DAMAGE)).rows.map((row) => JSON.stringify(row)) }
      }),
  }
}

/**
 * @param {string} url Leads to a database for administration.
 * @param {string} name
 * @returns {Promise<string>} Url of the new database.
 */
export async function createDatabase(url, name) {
  await withClient(url, (client) => client.query(`create database ${name}`))
  const created = new URL(url)
  created.pathname = `/${name}`
  return created.href
}

/**
 * @param {string} url Leads to a database for administration.
 * @param {string} name
 */
export async function dropDatabase(url, name) {
  await withClient(url, (client) => client.query(`drop database if exists ${name} with (force)`))
}

const LOG = 'unplugin_migrations'
const TABLES = `
  select table_name as name from information_schema.tables where table_schema = 'public' order by table_name collate "C"`
const TYPES = `
  select data_type as type from information_schema.columns
  where table_schema = 'public' and table_name = $1 order by ordinal_position`
// PostgreSQL checks what is written. What it did not check is marked so.
const DAMAGE = 'select conname as unchecked from pg_constraint where not convalidated'

/** @param {{ readonly type: string }} row */
function typeIn({ type }) {
  return type
}

/**
 * @template T
 * @param {string} url
 * @param {(client: Client) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withClient(url, work) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
