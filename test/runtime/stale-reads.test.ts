import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { createMigrator } from '../../src/admin/migrator.ts'
import { manifestOf, migration } from './manifest.ts'

const counting = (number: number) =>
  migration({
    id: `app:${number}`,
    uses: { db: 'sql' },
    up: ({ db }) => db.run`insert into effects values (${number})`,
    down: ({ db }) => db.run`delete from effects where n = ${number}`,
  })
const one = manifestOf([counting(1)])
const three = manifestOf([counting(1), counting(2), counting(3)])

async function entriesOf({ log }: Adapter): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of log.read(-1)) entries.push(entry)
  return entries
}

/** For so many reads the log is what it is now, as a replica that lags has it; appends go where they belong. */
async function lagging(adapter: Adapter<'sql' | 'kv'>, reads: number): Promise<{ adapter: Adapter; stale(): number }> {
  const old = await entriesOf(adapter)
  let stale = 0
  const isStale = (): boolean => stale < reads && stale++ >= 0
  const log: Adapter['log'] = {
    append: (entries) => adapter.log.append(entries),
    async head() {
      const [genesis, last] = [old[0], old.at(-1)]
      if (!isStale()) return adapter.log.head()
      return genesis && last ? { genesis, last } : null
    },
    async *read(after) {
      if (isStale()) yield* old.slice(after + 1)
      else yield* adapter.log.read(after)
    },
  }
  return { adapter: { ...adapter, log }, stale: () => stale }
}

interface Storages {
  readonly database: Database.Database
  readonly db: Adapter<'sql'>
}

function open(): Storages {
  const database = new Database(':memory:')
  database.exec('create table effects (n integer)')
  return { database, db: betterSqlite3(database) }
}

const numbers = ({ database }: Storages): readonly unknown[] =>
  database.prepare('select n from effects order by n').pluck().all()

it.each(['nothing', 'a part'])(
  'P12 a state store whose reads lag, and show %s of it, is put right by its appends',
  async (seen) => {
    const storages = open()
    const { db } = storages
    const state = memory()
    if (seen === 'a part') await migrate(one, { adapters: { db }, state })
    const late = await lagging(state, 7)
    await migrate(three, { adapters: { db }, state })
    const four = manifestOf([1, 2, 3, 4].map(counting))
    expect((await migrate(four, { adapters: { db }, state: late.adapter })).applied.map(({ id }) => id)).toEqual([
      'app:4',
    ])
    expect(late.stale()).toBeGreaterThan(1)
    expect(numbers(storages)).toEqual([1, 2, 3, 4])
    expect((await entriesOf(state)).filter(({ kind }) => kind === 'up').map(({ id }) => id)).toEqual(
      [1, 2, 3, 4].map((number) => `app:${number}`),
    )
  },
)

it('P12 a target whose reads lag takes no migration twice, whatever was applied or taken back meanwhile (Liquibase#4698)', async () => {
  const storages = open()
  const { db } = storages
  await migrate(one, { adapters: { db }, state: 'db' })
  const late = await lagging(db, 5)
  await migrate(three, { adapters: { db }, state: 'db' })
  await createMigrator(three, { adapters: { db }, state: 'db' }).down('-1')
  const { applied } = await migrate(three, { adapters: { db: late.adapter }, state: 'db' })
  expect(applied.map(({ id }) => id)).toEqual(['app:3'])
  expect(late.stale()).toBe(5)
  expect(numbers(storages)).toEqual([1, 2, 3])
})
