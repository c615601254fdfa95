import Database from 'better-sqlite3'
import type { Id, Manifest, Member } from '../../src/graph/manifest.ts'
import type { Kinds, Sql } from '../../src/runtime/handles.ts'
import type { Work } from '../../src/runtime/load.ts'
import { type TestMigration, manifestOf } from '../runtime/manifest.ts'

export interface Effect extends Omit<TestMigration, 'uses' | 'up'> {
  /** Role of kind `sql`. @default 'db' */
  readonly on?: string
  /** A role of kind `kv` that takes part. */
  readonly and?: string
  readonly up?: Work
  readonly down?: Work | false
}

/** A manifest whose migrations each leave one row, and one key where a second storage takes part. */
export function effectsOf(effects: readonly Effect[]): Manifest {
  return manifestOf(
    effects.map(({ on = 'db', and, up, down, ...given }): TestMigration => {
      const { id } = given
      const code = {
        up: up ?? (async (context) => leave(context, id, on, and)),
        down: down ?? (async (context) => clear(context, id, on, and)),
      } satisfies Record<string, Work | false>
      const has: readonly Member[] = down === false ? ['up', 'irreversible'] : ['up', 'down']
      return {
        has,
        uses: and === undefined ? { [on]: 'sql' } : { [on]: 'sql', [and]: 'kv' },
        load: async () => ({ default: code }),
        ...given,
      }
    }),
  )
}

type Handles = Readonly<Record<string, unknown>>

export async function leave(context: unknown, id: Id, on: string, and?: string): Promise<void> {
  const handles = context as Handles
  await (handles[on] as Sql).run`insert into effects values (${id})`
  if (and !== undefined) await (handles[and] as Kinds['kv']).set(id, true)
}

export async function clear(context: unknown, id: Id, on: string, and?: string): Promise<void> {
  const handles = context as Handles
  const db = handles[on] as Sql
  const rows = await db.rows`select 1 from effects where id = ${id}`
  if (rows.length !== 1) throw new Error(`${id} has left ${rows.length} rows`)
  await db.run`delete from effects where id = ${id}`
  if (and !== undefined) await (handles[and] as Kinds['kv']).delete(id)
}

/** A database with the table of effects: a migration that ran twice fails. */
export function effectsDatabase(file = ':memory:'): Database.Database {
  const database = new Database(file)
  database.exec('create table if not exists effects (id text primary key)')
  return database
}

export function effectsIn(database: Database.Database): readonly Id[] {
  const rows = database.prepare('select id from effects order by id').all() as readonly { readonly id: Id }[]
  return rows.map(({ id }) => id)
}
