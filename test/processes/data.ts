import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import type { Entry } from '../../src/runtime/entry.ts'
import type { PostgresServer } from '../servers/postgres.ts'
import { freshPrefix, nodeRedis } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'

export type State = 'db' | 'files' | 'events' | 'own' | 'redis'
export type Row = Readonly<Record<string, unknown>>

/** The storages of an application whose processes are started here. */
export interface Data {
  readonly folder: string
  readonly state: State
  /** What tells the application where they are. */
  readonly env: Readonly<Record<string, string>>
  rows(query: string): Promise<readonly Row[]>
  /** The same storages under another name, as they are now. */
  copy(name: string): Promise<Data>
  remove(): Promise<void>
}

export async function sqliteData(folder: string, state: State): Promise<Data> {
  mkdirSync(folder, { recursive: true })
  const require = createRequire(import.meta.url)
  return {
    folder,
    state,
    env: { BETTER_SQLITE3: require.resolve('better-sqlite3') },
    async rows(query) {
      const database = new Database(join(folder, 'app.db'))
      try {
        const statement = database.prepare(query)
        return statement.reader ? (statement.all() as readonly Row[]) : (statement.run(), [])
      } finally {
        database.close()
      }
    },
    async copy(name) {
      cpSync(folder, name, { recursive: true })
      return sqliteData(name, state)
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** @param template a database to begin with */
export async function postgresData(
  server: PostgresServer,
  folder: string,
  state: State,
  template?: string,
): Promise<Data> {
  mkdirSync(folder, { recursive: true })
  const url = await server.createDatabase(template)
  const prefix = freshPrefix()
  return {
    folder,
    state,
    env: { DATABASE: url, REDIS_URL: redisUrl ?? '', STATE_PREFIX: prefix },
    async rows(query) {
      const client = new Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query<Row>(query)).rows
      } finally {
        await client.end()
      }
    },
    async copy(name) {
      cpSync(folder, name, { recursive: true })
      const copied = await postgresData(server, name, state, url)
      const client = state === 'redis' ? nodeRedis() : undefined
      await client?.copy(`${prefix}.migrations:log`, `${copied.env['STATE_PREFIX']}.migrations:log`)
      client?.destroy()
      return copied
    },
    async remove() {
      rmSync(folder, { recursive: true, force: true })
      await server.dropDatabase(url)
    },
  }
}

/** What the state store recorded; nothing where it is one of the targets. */
export async function recordsIn({ folder, state, env }: Data): Promise<readonly Entry[]> {
  if (state === 'own') return entriesOnDisk(join(folder, 'state.json.migrations/log'))
  if (state !== 'redis') return []
  const client = nodeRedis()
  const lines = await client.lRange(`${env['STATE_PREFIX']}.migrations:log`, 0, -1)
  client.destroy()
  return lines.map((line) => JSON.parse(line) as Entry)
}

function entriesOnDisk(log: string): readonly Entry[] {
  // What a killed writer left half done begins with a dot.
  const names = readdirSync(log).filter((name) => !name.startsWith('.'))
  const lines = names.map((name) => readFileSync(join(log, name), 'utf8').split('\n')[0] ?? '')
  return lines.flatMap((line) => JSON.parse(line) as Entry[])
}
