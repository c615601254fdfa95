import { Miniflare } from 'miniflare'
import { afterAll } from 'vitest'
import type { D1Database } from '../../src/adapters/d1.ts'
import { awaitAnswers } from './answers-of-miniflare.ts'

const NOTHING = 'export default { fetch: () => new Response() }'

/**
 * Databases of D1 in workerd, which ends with the tests of the file.
 *
 * @param most how many the file makes
 */
export function useD1(most: number): { createDatabase(): Promise<D1Database> } {
  awaitAnswers()
  const names = Array.from({ length: most }, (_, index) => `DB${index}`)
  const workerd = new Miniflare({
    modules: true,
    script: NOTHING,
    d1Databases: names,
    compatibilityDate: '2026-04-01',
    cf: false,
  })
  afterAll(() => workerd.dispose())
  let used = 0
  return { createDatabase: () => workerd.getD1Database(names[used++] ?? `more than ${most}`) }
}

export async function rowsOf<Row>(database: D1Database, text: string): Promise<readonly Row[]> {
  return (await database.prepare(text).all()).results as readonly Row[]
}

/** The names of all tables that are not D1's own. */
export async function tablesOf(database: D1Database): Promise<readonly string[]> {
  const tables = await rowsOf<{ name: string }>(
    database,
    `select name from sqlite_master where type = 'table' order by 1`,
  )
  return tables.map(({ name }) => name).filter((name) => !name.startsWith('_cf_'))
}
