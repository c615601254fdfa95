import { createConnection, createPool } from 'mysql2/promise'
import { mysql2 } from 'unplugin-migrations/adapters/mysql2'

const EFFECTS = 'create table if not exists effects (n integer, id varchar(100))'
const nameOf = (key) => `testing_${key}`

/** A database for each key, on the server of TESTING_MARIADB. */
export async function open(key) {
  await query(`create database if not exists ${nameOf(key)}`)
  const url = new URL(process.env.TESTING_MARIADB)
  url.pathname = `/${nameOf(key)}`
  const pool = createPool({ uri: url.href })
  await pool.query(EFFECTS)
  let isOpen = true
  return {
    adapter: mysql2(pool),
    isUntouched: async () => (await pool.query('show tables'))[0].length === 1,
    damage: async () => void (await pool.query(`update unplugin_migrations set rest = '{' where serial = 2`)),
    async close() {
      if (isOpen) await pool.end()
      isOpen = false
    },
  }
}

export async function drop(key) {
  await query(`drop database if exists ${nameOf(key)}`)
}

async function query(text) {
  const connection = await createConnection({ uri: process.env.TESTING_MARIADB })
  await connection.query(text).finally(() => connection.end())
}
