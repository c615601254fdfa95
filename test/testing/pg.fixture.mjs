import { Client, Pool } from 'pg'
import { pg } from 'unplugin-migrations/adapters/pg'

/** A schema for each key, in the database of TESTING_POSTGRES. */
export async function open(key) {
  const connectionString = process.env.TESTING_POSTGRES
  await query(`create schema if not exists ${key}`)
  const pool = new Pool({ connectionString, max: 4, options: `-c search_path=${key}` })
  return {
    adapter: pg(pool, { schema: key }),
    async isUntouched() {
      const { rows } = await pool.query('select 1 from pg_tables where schemaname = $1', [key])
      return rows.length === 0
    },
    async damage() {
      await pool.query(`update ${key}.unplugin_migrations set rest = '{' where serial = 2`)
    },
    close: () => (pool.ended ? Promise.resolve() : pool.end()),
  }
}

export async function drop(key) {
  await query(`drop schema if exists ${key} cascade`)
}

async function query(text) {
  const client = new Client({ connectionString: process.env.TESTING_POSTGRES })
  await client.connect()
  await client.query(text).finally(() => client.end())
}
