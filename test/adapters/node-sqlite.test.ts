import { describe, expect, it } from 'vitest'
import { type NodeSqliteDatabase, nodeSqlite } from '../../src/adapters/node-sqlite.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { testOnNewerNode } from '../newer-node.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { type DatabaseSync, nodeSqliteModule } from './database-sync.ts'
import { type OpenDatabase, type TestDatabase, testBigints, testSqlite } from './sqlite.ts'
import { testSqliteScripts } from './sqlite-scripts.ts'

if (nodeSqliteModule) testNodeSqlite(nodeSqliteModule)
else testOnNewerNode(import.meta.filename, 60)

function testNodeSqlite({ DatabaseSync }: NonNullable<typeof nodeSqliteModule>): void {
  const open: OpenDatabase = (file, { readOnly = false, bigints = false } = {}) => {
    const database = new DatabaseSync(file, { readOnly, readBigInts: bigints })
    return testDatabase(database, database)
  }

  testSqlite('node-sqlite', open)
  testSqliteScripts('node-sqlite', open)
  testSqlite(
    'node-sqlite of a Node that does not say whether a transaction is open',
    (file, { readOnly = false } = {}) => {
      const database = new DatabaseSync(file, { readOnly })
      return testDatabase(database, {
        exec: (text) => database.exec(text),
        prepare: (text) => database.prepare(text),
      })
    },
  )
  const [one] = new DatabaseSync(':memory:', { readBigInts: true }).prepare('select 1 as one').all()
  if ((one as { readonly one: unknown }).one === 1n) testBigints('node-sqlite', open)

  describe('node-sqlite: a database', () => {
    const run = (database: DatabaseSync, up: (db: Sql) => Promise<unknown>): ReturnType<typeof migrate> => {
      const only = migration({ id: 'app:1', uses: { db: 'sql' }, up: async ({ db }) => void (await up(db)) })
      return migrate(manifestOf([only]), { adapters: { db: nodeSqlite(database) }, state: 'db' })
    }

    it('that answers rows as arrays has objects in a migration, and arrays after it', async () => {
      const database = new DatabaseSync(':memory:', { returnArrays: true })
      const before = database.prepare('select 1 as one').all()
      await run(database, async (db) => expect(await db.rows`select 1 as one`).toEqual([{ one: 1 }]))
      expect(await run(database, async () => {})).toMatchObject({ outcome: 'current' })
      expect(database.prepare('select 1 as one').all()).toEqual(before)
    })

    it.each([{}, { timeout: 1234 }, { enableForeignKeyConstraints: true }, { enableForeignKeyConstraints: false }])(
      'that was opened with %j keeps it',
      async (options) => {
        const database = new DatabaseSync(':memory:', options)
        const settings = (): unknown =>
          ['busy_timeout', 'foreign_keys'].map((name) => database.prepare(`pragma ${name}`).all())
        const before = settings()
        await run(database, async (db) => db.run`create table a (b)`)
        expect(settings()).toEqual(before)
      },
    )

    it('that is closed is an error, never an empty history', async () => {
      const database = new DatabaseSync(':memory:')
      database.close()
      await expect(run(database, async () => {})).rejects.toMatchObject({
        code: 'MIG_R0222',
        message: expect.stringContaining('not open') as string,
      })
    })

    it('that the migration closes is an unclear outcome', async () => {
      const database = new DatabaseSync(':memory:')
      await expect(run(database, async () => database.close())).rejects.toMatchObject({ code: 'MIG_R0202' })
    })
  })
}

function testDatabase(database: DatabaseSync, raw: NodeSqliteDatabase): TestDatabase {
  return {
    raw,
    adapter: (options) => nodeSqlite(raw, options),
    rows(text) {
      const statement = database.prepare(text)
      statement.setReadBigInts(true)
      return statement.all()
    },
  }
}
