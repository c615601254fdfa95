import { describe, expect, it } from 'vitest'
import { mysql2 } from '../../src/adapters/mysql2.ts'
import { type Migrator, createMigrator } from '../../src/admin.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import type { Work } from '../../src/runtime/load.ts'
import { SQL, failureOf, useDatabase } from '../adapters/mysql-database.ts'
import { type TestMigration, manifestOf } from '../runtime/manifest.ts'
import { mariadbUrl } from '../servers/mariadb.ts'

const database = useDatabase()

function migratorOf(migrations: readonly TestMigration[]): Migrator {
  return createMigrator(manifestOf(migrations), { adapters: { db: mysql2(database.pool()) }, state: 'db' })
}

/** In SQL texts of several definitions. */
function defining(id: string, up: string, down: string): TestMigration {
  return { ...SQL, id, sql: up, has: ['up', 'down'], load: async () => ({ default: { up, down } }) }
}

const effects = defining('app:1', 'create table effects (id int)', 'drop table effects')
const way = (back: string): TestMigration =>
  defining('app:2', 'alter table effects add a int; alter table effects add b int', back)
const BACK = 'alter table effects drop b; alter table effects drop a'

async function columns(): Promise<readonly unknown[]> {
  const rows = await database.rows(
    `select column_name as name from information_schema.columns where table_schema = database() and table_name = 'effects'`,
  )
  return rows.map(({ name }) => name)
}

describe.skipIf(mariadbUrl === undefined)('definitions that commit one by one', () => {
  it('are taken back, and applied again', async () => {
    const migrator = migratorOf([effects, way(BACK)])
    await migrator.up()
    expect((await migrator.down('app:1')).actions).toMatchObject([{ do: 'down', id: 'app:2' }])
    expect(await columns()).toEqual(['id'])
    await migrator.up()
    expect(await columns()).toEqual(['id', 'a', 'b'])
    await migrator.down('base')
    expect(await columns()).toEqual([])
  })

  it.each(['migrate', 'down'] as const)(
    'whose way back stopped half are taken back to the end by the next %s',
    async (next) => {
      await database.migrate([effects, way(BACK)])
      const broken = migratorOf([effects, way('alter table effects drop b; alter table effects drop nothing')])
      expect((await failureOf(broken.down('app:1'))).code).toBe('MIG_R0275')
      expect(await columns()).toEqual(['id', 'a'])
      const { migrations } = await migratorOf([effects, way(BACK)]).status()
      expect(migrations.map(({ state }) => state)).toEqual(['applied', 'pending'])
      if (next === 'migrate') {
        const { applied } = await database.migrate([effects, way(BACK)])
        expect(applied.map(({ id }) => id)).toEqual(['app:2'])
        expect(await columns()).toEqual(['id', 'a', 'b'])
      } else {
        await migratorOf([effects, way(BACK)]).down('app:1')
        expect(await columns()).toEqual(['id'])
      }
    },
  )

  it('that are applied in part keep what they come after', async () => {
    const half = defining('app:2', 'alter table effects add a int; alter table nothing add b int', BACK)
    expect((await failureOf(database.migrate([effects, half]))).code).toBe('MIG_R0275')
    const error = await failureOf(migratorOf([effects, half]).down('base'))
    expect(error).toMatchObject({ code: 'MIG_R0123', id: 'app:2' })
    expect(await columns()).toEqual(['id', 'a'])
  })

  it.each(['applied', 'not-applied'] as const)(
    'go on when somebody says that the unclear one is %s',
    async (verdict) => {
      const sleeping = (seconds: number): TestMigration => {
        const up = (async ({ db }: { readonly db: Sql }) => {
          const [row] = await db.rows<{ readonly id: number }>`select connection_id() id`
          if (seconds > 0) setTimeout(() => void database.rows(`kill ${row?.id}`), 300)
          await db.run`create table one (primary key (a)) select sleep(2) a`
        }) as unknown as Work
        return { ...SQL, id: 'app:2', load: async () => ({ default: { up } }) }
      }
      const error = await failureOf(database.migrate([effects, sleeping(2)]))
      expect(error).toMatchObject({ code: 'MIG_R0270', id: 'app:2' })
      const { attempt = '' } = error
      expect(error.next).toContain(`resolve('app:2', 'applied' or 'not-applied', { attempt: '${attempt}', reason })`)
      const migrator = migratorOf([effects, sleeping(0)])
      const why = { reason: 'looked at it', who: 'ada' }
      const other = migrator.resolve('app:2', verdict, { ...why, attempt: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
      expect((await failureOf(other)).code).toBe('MIG_R0125')
      expect((await failureOf(database.migrate([effects, sleeping(0)]))).code).toBe('MIG_R0270')
      const before = await database.log()
      const dry = await migrator.resolve('app:2', verdict, { ...why, attempt, dryRun: true })
      expect(await database.log()).toEqual(before)
      expect(await migrator.resolve('app:2', verdict, { ...why, attempt })).toEqual({ ...dry, dryRun: false })
      expect((await migrator.history({ last: 1 }))[0]).toMatchObject({ kind: 'step', id: 'app:2', attempt, data: why })
      await database.migrate([effects, sleeping(0)])
      expect(await database.rows("show tables like 'one'")).toHaveLength(verdict === 'applied' ? 0 : 1)
    },
  )
})
