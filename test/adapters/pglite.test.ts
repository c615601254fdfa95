import { PGlite } from '@electric-sql/pglite'
import { expect, it } from 'vitest'
import { pglite } from '../../src/adapters/pglite.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

const SETTINGS = `select name, setting from pg_settings where source = 'session' order by name`

it.each([
  ['applied', 'create table a (n integer)', {}],
  ['failed', 'select 1 / 0', { code: 'MIG_R0201' }],
  ['ended its transaction', 'commit', { code: 'MIG_R0211' }],
])('leaves the settings of the application as they were: %s', async (_, last, error) => {
  const database = new PGlite()
  await database.exec(
    `create role app; create schema app; set search_path = app, "a'\\b"; set timezone = 'Asia/Tokyo'; set role app`,
  )
  await database.exec('reset role; grant all on schema public, app to app; set role app')
  const before = await database.query(SETTINGS)
  const up = `set search_path = public; set timezone = 'UTC'; reset role; set work_mem = '77MB'; ${last}`
  const manifest = manifestOf([
    migration({ id: 'app:1', uses: { db: 'sql' }, up: ({ db }) => db.script(up) }),
    migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table b (n integer)' }),
  ])
  const run = migrate(manifest, { adapters: { db: pglite(database) }, state: 'db' })
  if ('code' in error) await expect(run).rejects.toMatchObject(error)
  else expect(await run).toMatchObject({ outcome: 'migrated' })
  expect((await database.query(SETTINGS)).rows).toEqual(before.rows)
  expect((await database.query('select current_user as name')).rows).toEqual([{ name: 'app' }])
})
