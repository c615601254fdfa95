import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { startPostgres } from '../../playground/servers/postgres.mjs'

export interface PostgresServer {
  /** An empty database, dropped when the tests of the file are over. Answers its URL. */
  createDatabase(): Promise<string>
}

/** A PostgreSQL server for the tests of one file. */
export function usePostgres(): PostgresServer {
  const names: string[] = []
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined
  const administer = async (statement: (name: string) => string, ...all: readonly string[]): Promise<void> => {
    const client = new Client({ connectionString: server?.url })
    await client.connect()
    try {
      for (const name of all) await client.query(statement(name))
    } finally {
      await client.end()
    }
  }
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(async () => {
    await administer((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, ...names)
    await server?.stop()
  }, 60_000)
  return {
    async createDatabase() {
      const name = `unplugin_migrations_${randomBytes(8).toString('hex')}`
      names.push(name)
      await administer((database) => `CREATE DATABASE ${database}`, name)
      const url = new URL(server?.url ?? '')
      url.pathname = `/${name}`
      return url.href
    },
  }
}
