import type { Pool } from 'mysql2/promise'
import { beforeEach, expect } from 'vitest'
import { type MysqlOptions, mysql2 } from '../../src/adapters/mysql2.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options, Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf } from '../runtime/manifest.ts'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'

export const SQL = { uses: { db: 'sql' } } as const

type Row = Readonly<Record<string, unknown>>

export interface Database {
  /** Of the test's own database. */
  pool(options?: Parameters<ReturnType<typeof useDatabases>['pool']>[1]): Pool
  url(): string
  migrate(migrations: readonly TestMigration[], options?: MysqlOptions & Given): Promise<Result>
  rows(query: string): Promise<readonly Row[]>
  /** Phases and places of the journal, and the kinds of other entries. */
  log(): Promise<readonly string[]>
}

interface Given extends Partial<Options> {
  readonly pool?: Pool
  readonly more?: Readonly<Record<string, Adapter>>
}

/** An empty database for each test of a file. */
export function useDatabase(): Database {
  const databases = useDatabases()
  let url = ''
  let own: Pool
  beforeEach(async () => {
    if (mariadbUrl === undefined) return
    url = await databases.create()
    own = databases.pool(url)
  })
  const rows = async (query: string): Promise<readonly Row[]> => (await own.query(query))[0] as readonly Row[]
  return {
    pool: (options = {}) => databases.pool(url, options),
    url: () => url,
    rows,
    async migrate(migrations, { pool = own, more = {}, table, ...options } = {}) {
      const db = mysql2(pool, table === undefined ? {} : { table })
      return migrate(manifestOf(migrations), { adapters: { db, ...more }, state: 'db', ...options })
    },
    async log() {
      const entries = await rows('select kind, rest from unplugin_migrations order by serial')
      return entries.map(({ kind, rest }) => {
        const { phase, k } = Object(JSON.parse(String(rest)).data)
        return phase ? `${phase} ${k}` : String(kind)
      })
    },
  }
}

/** The error that work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<MigrationError> {
  const end = await work.catch((error: unknown) => error)
  expect(end).toBeInstanceOf(MigrationError)
  return end as MigrationError
}
