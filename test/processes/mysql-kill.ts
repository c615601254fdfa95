import type { Pool } from 'mysql2/promise'
import { expect } from 'vitest'
import { createMigrator } from '../../src/admin/migrator.ts'
import type { MigrationError } from '../../src/runtime/errors.ts'
import type { Result } from '../../src/runtime/options.ts'
import type { Databases } from '../servers/mariadb.ts'
import { type Way, columnsOf, crowd, given, rows, run, start } from './mysql-processes.ts'

/** Kills a process before one of its messages, each time another one, and lets a run follow that is not killed. */
export async function killEverywhere(
  databases: Databases,
  way: Exclude<Way, 'slow' | 'crowd'>,
  step: number,
): Promise<void> {
  let next = 1
  const ends = { killed: 0, asked: 0 }
  let isDone = false
  const worker = async (): Promise<void> => {
    while (!isDone) {
      const at = next
      next += step
      const when = `killed before message ${at}`
      const url = await databases.create()
      const pool = databases.pool(url)
      const first = await start(url, way, [], { KILL_AT: `${at}` })[1]
      if (first.signal === 'SIGKILL') ends.killed++
      else {
        isDone = true
        expect(first, when).toMatchObject({ code: 0 })
      }
      const asked = await run(pool, way).then(
        () => undefined,
        (error: unknown) => error as MigrationError,
      )
      if (asked) {
        ends.asked++
        expect(asked, when).toMatchObject({ code: 'MIG_R0270' })
        await answer(pool, way, asked)
        await run(pool, way)
      }
      await assertMigrated(pool, when)
      expect(await run(pool, way), when).toMatchObject({ outcome: 'current', applied: [] })
      await pool.end()
    }
  }
  await Promise.all([worker(), worker()])
  expect(ends.killed, 'kills that really happened').toBeGreaterThan(40 / step)
  // Between the word that a statement is sent and the word of its end: of each of the four definitions.
  if (way === 'plain') expect(ends.asked).toBeGreaterThanOrEqual(4)
  else expect(ends.asked).toBe(0)
}

/** Many at once on an empty database. */
export async function assertCrowd(databases: Databases, size: number): Promise<void> {
  const url = await databases.create()
  const ends = await crowd(url, size)
  expect(ends.flatMap(({ errors }) => (errors === '' ? [] : [errors]))).toEqual([])
  const results = ends.map(({ out }) => JSON.parse(out) as Result & { readonly begun: number; readonly ended: number })
  expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(['app:0', 'app:1'])
  const end = Math.max(...results.flatMap((result) => (result.applied.length > 0 ? [result.ended] : [])))
  expect(results.filter(({ begun }) => begun < end).length, 'contention').toBeGreaterThan(size / 2)
  await assertMigrated(databases.pool(url), 'after the crowd')
}

/** What somebody does who is asked: looks whether the statement took effect, and says so. */
async function answer(pool: Pool, way: Way, error: MigrationError): Promise<void> {
  const [, k, statement = ''] = /statement (\d) \(line \d\) may have taken effect: (.*)/.exec(error.message) ?? []
  expect([
    '1 create table one (id int)',
    '3 alter table one add column a int',
    '4 alter table one add column b int',
    '1 create table effects (id text)',
  ]).toContain(`${k} ${statement}`)
  const table = statement.split(' ')[2] ?? ''
  const column = statement.startsWith('alter') ? (statement.split(' ')[5] ?? '') : 'id'
  const found = (await columnsOf(pool, table)).includes(column) ? 'applied' : 'not-applied'
  if (error.id === undefined || error.id === null || error.attempt === undefined)
    return expect.unreachable('both are named')
  const migrator = createMigrator(...given(pool, way))
  const reason = 'looked at it'
  const other = migrator.resolve(error.id, found, { attempt: 'another', reason })
  await expect(other).rejects.toThrow('MIG_R0125')
  const { actions } = await migrator.resolve(error.id, found, { attempt: error.attempt, reason })
  expect(actions).toMatchObject([{ do: 'statement', applied: found === 'applied' }])
}

export async function assertMigrated(pool: Pool, when: string): Promise<void> {
  expect(await rows(pool, 'select * from effects'), when).toEqual([{ id: 'once' }, { id: 'behind' }])
  expect(await columnsOf(pool, 'one'), when).toEqual(['id', 'a', 'b'])
  const entries = await rows(pool, 'select serial, kind, done from unplugin_migrations order by serial')
  expect(
    entries.map(({ serial, done }) => [serial, done]),
    when,
  ).toEqual(entries.map((_, index) => [index, 1]))
  expect(
    entries.filter(({ kind }) => kind === 'up'),
    when,
  ).toHaveLength(2)
}
