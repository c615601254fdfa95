import { describe, expect, it } from 'vitest'
import { mysql2 } from '../../src/adapters/mysql2.ts'
import { type Migrator, createMigrator } from '../../src/admin/migrator.ts'
import type { Session } from '../../src/runtime/adapter.ts'
import { hooks } from '../../src/runtime/hooks.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { mariadbUrl } from '../servers/mariadb.ts'
import { SQL, failureOf, useDatabase } from './mysql-database.ts'

const database = useDatabase()
const effects = migration({ ...SQL, id: 'app:0_effects', sql: 'create table effects (id text)' })

function migrator(migrations: readonly TestMigration[]): Migrator<'db'> {
  return createMigrator(manifestOf(migrations), { adapters: { db: mysql2(database.pool()) }, state: 'db' })
}

function scripts(id: string, up: string, down: string): TestMigration {
  return migration({ ...SQL, id, sql: up, has: ['up', 'down'], load: async () => ({ default: { up, down } }) })
}

const names = async (): Promise<readonly unknown[]> =>
  (await database.rows('show tables')).map((row) => Object.values(row)[0])

describe.skipIf(mariadbUrl === undefined)('commands on MariaDB', () => {
  it('take back statement by statement, and go on behind what ran', async () => {
    const up = 'create table one (id int); create table two (id int)'
    const down = (second: string): string => `drop table two; insert into effects values ('down'); ${second}`
    await database.migrate([effects, scripts('app:1', up, '')])
    const broken = [effects, scripts('app:1', up, down('drop table three'))]
    const error = await failureOf(migrator(broken).down('-1'))
    expect(error).toMatchObject({ code: 'MIG_R0275', id: 'app:1' })
    expect(error.message).toContain('statement 3 (line 1): drop table three')
    expect(await names()).toEqual(['effects', 'one', 'unplugin_migrations'])
    const mended = [effects, scripts('app:1', up, down('drop table one'))]
    // Whoever comes next ends what was begun.
    expect((await migrator(mended).down('app:0_effects')).actions).toMatchObject([{ do: 'down', id: 'app:1' }])
    expect(await names()).toEqual(['effects', 'unplugin_migrations'])
    expect(await database.rows('select * from effects')).toEqual([{ id: 'down' }])
    // And once more from the start: what was journalled belongs to the past.
    await database.migrate(mended)
    await migrator(mended).down('-1')
    expect(await database.rows('select * from effects')).toEqual([{ id: 'down' }, { id: 'down' }])
  })

  it.each(['applied', 'not-applied'] as const)('resolve a migration that stays half way, as %s', async (verdict) => {
    const half = 'create table one (id int); create table one (id int)'
    const error = await failureOf(database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: half })]))
    const other = [effects, migration({ ...SQL, id: 'app:1', sql: 'create table another (id int)' })]
    const stuck = await failureOf(database.migrate(other))
    expect(stuck).toMatchObject({ code: 'MIG_R0272', attempt: error.attempt })
    const attempt = String(stuck.attempt)
    const asked = { attempt, reason: 'looked' }
    const dry = await migrator(other).resolve('app:1', verdict, { ...asked, dryRun: true })
    const done = await migrator(other).resolve('app:1', verdict, asked)
    expect(done.actions).toEqual([{ do: 'mark', id: 'app:1', target: 'db', applied: verdict === 'applied' }])
    expect(dry.actions).toEqual(done.actions)
    await expect(migrator(other).resolve('app:1', verdict, asked)).rejects.toThrow('MIG_R0125')
    const next = await database.migrate(other)
    expect(next.applied.map(({ id }) => id)).toEqual(verdict === 'applied' ? [] : ['app:1'])
    expect(await names()).toContain('one')
  })

  it('resolve a procedure that failed after it had done a part', async () => {
    await database.rows(
      "create procedure p() begin insert into effects values ('p'); signal sqlstate '45000' set message_text = 'no'; end",
    )
    const calling = [
      effects,
      migration({ ...SQL, id: 'app:1', sql: "call p(); insert into effects values ('behind')" }),
    ]
    const failed = await failureOf(database.migrate(calling))
    expect(failed.message).toContain('statement 1 (line 1): call p(): no')
    expect(failed).toMatchObject({ code: 'MIG_R0270', next: expect.stringContaining("resolve('app:1'") })
    expect(await database.log()).not.toContain('failed 1')
    const error = await failureOf(database.migrate(calling))
    expect(error).toMatchObject({ code: 'MIG_R0270', attempt: failed.attempt })
    await migrator(calling).resolve('app:1', 'applied', { attempt: String(error.attempt), reason: 'as good as done' })
    await database.migrate(calling)
    expect(await database.rows('select * from effects')).toEqual([{ id: 'p' }, { id: 'behind' }])
  })

  it('have what they have done, whatever the connection says in the end', async () => {
    const told: MigrationEvent[] = []
    const db = mysql2(database.pool())
    const open = async (): Promise<Session<'sql'>> => {
      const session = await db.open()
      const close = async (): Promise<void> => {
        await session.close()
        throw new Error('not closed')
      }
      return { ...session, close }
    }
    const manifest = manifestOf([effects, migration({ ...SQL, id: 'app:1', sql: 'create table one (id int)' })])
    const onEvent = (event: MigrationEvent): void => void told.push(event)
    const result = await migrate(manifest, { adapters: { db: { ...db, open } }, state: 'db', onEvent })
    expect(result.applied).toHaveLength(2)
    expect(told).toContainEqual({ type: 'untidied', target: 'db', error: new Error('not closed') })
    expect(await database.migrate([effects])).toMatchObject({ applied: [] })
  })

  it('go on behind what ran under a former id', async () => {
    const text = (last: string): string => `insert into effects values ('once'); create table one (id int); ${last}`
    const old = migration({ ...SQL, id: 'app:old', sql: text('alter table nowhere add x int') })
    await failureOf(database.migrate([effects, old]))
    const named = migration({ ...SQL, id: 'app:new', formerly: ['app:old'], sql: text('create table two (id int)') })
    expect((await database.migrate([effects, named])).applied).toHaveLength(1)
    expect(await database.rows('select * from effects')).toEqual([{ id: 'once' }])
    expect((await database.migrate([effects, named])).outcome).toBe('current')
  })

  it('resolve a definition of several things that failed at one of them', async () => {
    await database.rows('create table one (id int)')
    const dropping = [effects, migration({ ...SQL, id: 'app:1', sql: 'drop table one, nowhere' })]
    const failed = await failureOf(database.migrate(dropping))
    expect(failed).toMatchObject({ code: 'MIG_R0270', id: 'app:1' })
    expect(await names()).toEqual(['effects', 'unplugin_migrations'])
    expect(await database.log()).not.toContain('failed 1')
    const error = await failureOf(database.migrate(dropping))
    expect(error).toMatchObject({ code: 'MIG_R0270', attempt: failed.attempt })
    await migrator(dropping).resolve('app:1', 'applied', { attempt: String(error.attempt), reason: 'as good as done' })
    expect((await database.migrate(dropping)).applied).toHaveLength(1)
  })

  const escaping = migration({
    ...SQL,
    id: 'app:1',
    up: async ({ db }) =>
      void (await (db.raw as { query(text: string): Promise<unknown> }).query('create table one (id int)')),
  })

  it('resolve a migration that ended its own transaction', async () => {
    const error = await failureOf(database.migrate([effects, escaping]))
    expect(error.code).toBe('MIG_R0212')
    const about = { attempt: String(error.attempt), reason: 'it is there' }
    await migrator([effects, escaping]).resolve('app:1', 'applied', about)
    expect(await database.migrate([effects, escaping])).toMatchObject({ applied: [] })
    expect((await database.log()).at(-1)).not.toBe('up')
  })

  it('resolve it while another run is about to take the lock, which finds both at once', async () => {
    await database.migrate([effects])
    let isFirst = true
    const result = await database.migrate([effects, escaping], {
      pool: database.pool(),
      hooks: hooks({
        async beforeEach() {
          if (!isFirst) return
          isFirst = false
          const error = await failureOf(database.migrate([effects, escaping]))
          const about = { attempt: String(error.attempt), reason: 'it is there' }
          await migrator([effects, escaping]).resolve('app:1', 'applied', about)
        },
      }),
    })
    expect(isFirst).toBe(false)
    expect(result).toMatchObject({ applied: [] })
  })

  it('verify in a transaction that is rolled back', async () => {
    const verified = migration({
      ...SQL,
      id: 'app:1',
      has: ['up', 'verify'],
      up: async ({ db }) => db.run`insert into effects values (1)`,
      verify: async ({ db }) => db.run`insert into effects values ('verified')`,
    })
    await database.migrate([effects, verified])
    const before = await database.rows('select * from effects')
    expect(await migrator([effects, verified]).verify()).toMatchObject([{ id: 'app:1' }])
    expect(await database.rows('select * from effects')).toEqual(before)
  })
})

describe.skipIf(mariadbUrl === undefined)('steps on MariaDB', () => {
  it('go on behind the statements of the step that was interrupted, and with its checkpoint', async () => {
    let isBroken = true
    const stepped = migration({
      ...SQL,
      id: 'app:1',
      has: ['steps'],
      traits: { steps: [{ name: 'tables' }, { name: 'fill' }] },
      load: async () => ({
        default: {
          steps: [
            {
              name: 'tables',
              async up({ db }: { readonly db: { script(text: string): Promise<void> } }) {
                await db.script('create table one (id int); create table two (id int)')
                if (isBroken) throw new Error('broken')
              },
            },
            {
              name: 'fill',
              async up(context: {
                readonly db: { script(text: string): Promise<void> }
                readonly checkpoint: number | undefined
              }) {
                const at = context.checkpoint ?? 0
                await context.db.script(`insert into one values (${at}); alter table two add column c${at} int`)
                return at < 2 ? at + 1 : undefined
              },
            },
          ],
        },
      }),
    })
    expect(await failureOf(database.migrate([effects, stepped]))).toMatchObject({ code: 'MIG_R0275' })
    isBroken = false
    expect((await database.migrate([effects, stepped])).applied).toHaveLength(1)
    expect(await database.rows('select * from one order by id')).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }])
    expect((await database.rows('describe two')).map(({ Field }) => Field)).toEqual(['id', 'c0', 'c1', 'c2'])
    const journal = (await database.log()).slice(4)
    const filled = ['end 1', 'begin 2', 'end 2', 'step']
    expect(journal).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'step', ...filled, ...filled, ...filled, 'up'])
  })
})
