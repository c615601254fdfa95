import { randomBytes } from 'node:crypto'
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
    await administer(drop, ...names)
    await server?.stop()
  }, 60_000)
  return {
    async createDatabase(template) {
      const name = `unplugin_migrations_${randomBytes(8).toString('hex')}`
      names.add(name)
      const copied = template === undefined ? 'template0' : nameIn(template)
      await administer((database) => `CREATE DATABASE ${database} TEMPLATE ${copied}`, name)
      const url = new URL(server?.url ?? '')
      url.pathname = `/${name}`
      return url.href
    },
    async dropDatabase(url) {
      await administer(drop, nameIn(url))
      names.delete(nameIn(url))
    },
  }
}

function drop(name: string): string {
  return `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1)
}
