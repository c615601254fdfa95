import type { Client } from 'pg'
import { pg } from '../../../src/adapters/pg.ts'
import { CANARY, type Place, type StorageCase, coded, freshName } from './storage-case.ts'

const observers = new Map<string, Promise<Client>>()

/** One connection of the test's own for each database. */
function observer({ url = '' }: Place): Promise<Client> {
  const known = observers.get(url) ?? connectedTo(url)
  observers.set(url, known)
  return known
}

async function connectedTo(url: string): Promise<Client> {
  const { default: driver } = await import('pg')
  const client = new driver.Client({ connectionString: url, application_name: 'observer' })
  // The database is dropped under it when the tests are over.
  client.on('error', () => {})
  await client.connect()
  return client
}

async function query<Row extends object>(place: Place, text: string): Promise<readonly Row[]> {
  return (await (await observer(place)).query<Row>(text)).rows
}

let connections = 0

/** Of the place's schema, or of one of its pools. */
const activity = (name = ''): string => `pg_stat_activity where application_name like '${name}%'`

/** A schema of the test's database: everything in it is found through the search path, as in a database of its own. */
export const pgCase: StorageCase = {
  adapter: 'pg',
  kind: 'sql',
  unit: 'transaction',
  reach: 'processes',
  needs: 'postgres',
  always: [],
  errors: {
    lost: () => coded('ECONNRESET', 'Connection terminated unexpectedly'),
    busy: () => coded('53300', 'sorry, too many clients already'),
    error: () => coded('53100', 'could not extend file: No space left on device'),
  },
  async create({ postgres = '' }) {
    const url = new URL(postgres)
    url.searchParams.set('note', CANARY)
    const place = { url: url.href, schema: `${freshName()}_${process.pid}` }
    await query(place, `create schema ${place.schema}`)
    return place
  },
  async connect({ url, schema, settings = '' }) {
    const { default: driver } = await import('pg')
    const options = `-c search_path=${schema} ${settings}`
    const name = `${schema}/${process.pid}/${connections++}/`
    const pool = new driver.Pool({ connectionString: url, application_name: name, options, max: 3 })
    pool.on('error', () => {})
    return {
      adapter: pg(pool, schema === undefined ? {} : { schema }),
      async end() {
        const isHeld = pool.totalCount > pool.idleCount
        const ended = pool.end()
        if (!isHeld) return ended
        // One that was not given back would never end.
        await query({ url: url ?? '' }, `select pg_terminate_backend(pid) from ${activity(name)}`)
        return undefined
      },
    }
  },
  async effects(place) {
    const { schema } = place
    const [found] = await query<{ readonly name: string | null }>(place, `select to_regclass('${schema}.effects') name`)
    if (!found?.name) return []
    const rows = await query<{ readonly id: string }>(place, `select id from ${schema}.effects order by n`)
    return rows.map(({ id }) => id)
  },
  async leftovers(place) {
    const text = `select pid, state, query from ${activity(`${place['schema']}/`)} and state <> 'idle'`
    const rows = await query<{ readonly pid: number; readonly state: string; readonly query: string }>(place, text)
    return rows.map(({ pid, state, query: last }) => `connection ${pid} is ${state}: ${last}`)
  },
  async disconnect() {
    for (const client of observers.values()) await (await client).end()
    observers.clear()
  },
}
