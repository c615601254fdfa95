import type { Connection, Pool } from 'mysql2/promise'
import { mysql2 } from '../../../src/adapters/mysql2.ts'
import { CANARY, type Place, type StorageCase, freshName } from './storage-case.ts'

let connected: Promise<Connection> | undefined

async function connectedTo(url: string): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise')
  return createConnection({ uri: url })
}

type Row = Readonly<Record<string, unknown>>

/** On a connection of the test's own. */
async function query({ server = '' }: Place, text: string): Promise<readonly Row[]> {
  const connection = await (connected ??= connectedTo(server))
  const [rows] = await connection.query(text)
  return Array.isArray(rows) ? (rows as readonly Row[]) : []
}

function error(errno: number, message: string): Error {
  return Object.assign(new Error(message), { errno, sqlState: 'HY000' })
}

async function poolOf(url: string): Promise<Pool> {
  const { createPool } = await import('mysql2/promise')
  return createPool({ uri: url, connectAttributes: { note: CANARY } })
}

/** A database with a table for the effects: a definition is another class of migration, with faults of its own. */
export const mysql2Case: StorageCase = {
  adapter: 'mysql2',
  kind: 'sql',
  unit: 'transaction',
  reach: 'processes',
  needs: 'mysql',
  always: [],
  errors: {
    lost: () => Object.assign(new Error('Connection lost'), { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }),
    busy: () => error(1205, 'Lock wait timeout exceeded; try restarting transaction'),
    error: () => error(1021, 'Disk full'),
  },
  async create({ mysql: server = '' }) {
    const name = `faults_${process.pid}_${freshName()}`
    const url = new URL(server)
    url.pathname = `/${name}`
    const place = { server, url: url.href, name }
    await query(place, `create database ${name}`)
    await query(place, `create table ${name}.effects (n integer, id varchar(100)) engine = InnoDB`)
    return place
  },
  async connect({ url = '' }) {
    const pool = await poolOf(url)
    return { adapter: mysql2(pool), end: () => pool.end() }
  },
  async effects(place) {
    const rows = await query(place, `select id from ${place['name']}.effects order by n`)
    return rows.map(({ id }) => String(id))
  },
  async leftovers(place) {
    const open = `select p.id, p.info, t.trx_state from information_schema.processlist p
      join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id where p.db = '${place['name']}'`
    return (await query(place, open)).map((row) => `a transaction: ${JSON.stringify(row)}`)
  },
  async remove(place) {
    await query(place, `drop database ${place['name']}`)
  },
  async disconnect() {
    await (await connected)?.end()
    connected = undefined
  },
}
