import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { startPostgres } from '../../playground/servers/postgres.mjs'

export interface PostgresServer {
  /**
   * A database, dropped when the tests of the file are over.
   *
   * @param template URL of a database that nobody is connected to: the new one begins as its copy. @default an empty one
   * @returns its URL
   */
  createDatabase(template?: string): Promise<string>
  /** Sooner. Whoever is connected is thrown out. */
  dropDatabase(url: string): Promise<void>
}

/** A PostgreSQL server for the tests of one file. */
export function usePostgres(): PostgresServer {
  const names = new Set<string>()
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  const administer = async (work: (client: Client) => Promise<unknown>): Promise<void> => {
    const client = new Client({ connectionString: server?.url })
    await client.connect()
    try {
      await work(client)
    } finally {
      await client.end()
    }
  }
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(async () => {
    await administer(async (client) => {
      await goodbyes(client, [...names])
      for (const name of names) await client.query(drop(name))
    })
    await server?.stop()
  }, 60_000)
  return {
    async createDatabase(template) {
      const name = `unplugin_migrations_${randomBytes(8).toString('hex')}`
      names.add(name)
      const copied = template === undefined ? 'template0' : nameIn(template)
      await administer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${copied}`))
      const url = new URL(server?.url ?? '')
      url.pathname = `/${name}`
      return url.href
    },
    async dropDatabase(url) {
      await administer((client) => client.query(drop(nameIn(url))))
      names.delete(nameIn(url))
    },
  }
}

/** A pool has ended before its connections are closed: to throw these out would be an error that nobody waits for. */
async function goodbyes(client: Client, names: readonly string[]): Promise<void> {
  for (let asked = 0; asked < 50; asked++) {
    const { rows } = await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = ANY ($1)', [names])
    if (rows.length === 0) return
    await delay(20)
  }
}

function drop(name: string): string {
  return `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1)
}
