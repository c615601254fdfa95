import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'
import { moment } from './moment.ts'

/** A state store whose every write takes so long that other storages commit meanwhile. */
function slowly(adapter: Adapter): Adapter {
  const { log } = adapter
  return {
    ...adapter,
    log: {
      head: () => log.head(),
      read: (after) => log.read(after),
      async append(entries) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return log.append(entries)
      },
    },
  }
}

it('records what commits on one storage while the record of another is written', async () => {
  const state = slowly(memory())
  const adapters = { one: betterSqlite3(new Database(':memory:')), other: betterSqlite3(new Database(':memory:')) }
  const chain = (role: 'one' | 'other', ms: number) =>
    Array.from({ length: 5 }, (_, index) =>
      migration({
        id: `@acme/${role}:${index}`,
        uses: { [role]: 'sql' },
        up: () => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      }),
    )
  const manifest = manifestOf([...chain('one', 7), ...chain('other', 5)])
  await migrate(manifest, { adapters, state })
  const records: string[] = []
  for await (const { kind, id } of state.log.read(-1)) if (kind === 'up') records.push(id ?? '')
  expect(records.toSorted()).toEqual(manifest.migrations.map(({ id }) => id).toSorted())
})

describe('a record that waits for the state while staged work is announced or settled there', () => {
  /** One on the state's storage and a participant, and one elsewhere whose record goes to the same log. */
  async function run(state: Adapter, one: () => Promise<void>, other: () => Promise<void>): Promise<readonly number[]> {
    const adapters = { state, other: betterSqlite3(new Database(':memory:')), cache: memory() }
    const manifest = manifestOf([
      migration({
        id: 'app:one',
        uses: { state: 'sql', cache: 'kv' },
        follows: [],
        up: async ({ cache }) => {
          await cache.set('k', 1)
          await one()
        },
      }),
      migration({ id: 'app:other', uses: { other: 'sql' }, follows: [], up: other }),
    ])
    expect((await migrate(manifest, { adapters, state: 'state' })).applied).toHaveLength(2)
    expect(await migrate(manifest, { adapters, state: 'state' })).toMatchObject({ outcome: 'current', applied: [] })
    const open: number[] = []
    for await (const entry of state.log.read(-1)) open.push(entry.open)
    return open
  }

  it('tells of what is open when it is written: staged work that was committed meanwhile', async () => {
    const state = betterSqlite3(new Database(':memory:'))
    const { reached, reach } = moment()
    const open = await run(
      state,
      () => reached,
      async () => void setTimeout(reach, 50),
    )
    // The genesis, the commit, the record of the other one, what is settled, the key.
    expect(open).toEqual([0, 1, 1, 0, 0])
  })

  it('tells of what is open when it is written: not of what was settled meanwhile', async () => {
    const { reached, reach } = moment()
    const adapter = betterSqlite3(new Database(':memory:'))
    const { log } = adapter
    const state: Adapter = {
      ...adapter,
      log: {
        head: () => log.head(),
        read: (after) => log.read(after),
        async append(entries) {
          if (entries[0]?.kind === 'settled') {
            reach()
            await new Promise((later) => setTimeout(later, 30))
          }
          return log.append(entries)
        },
      },
    }
    expect(
      await run(
        state,
        async () => {},
        () => reached,
      ),
    ).toEqual([0, 1, 0, 0, 0])
  })
})

describe('what repeats', () => {
  /** Migrations of `@acme/a` on one storage, which take a while, and what repeats on the other. */
  const told: string[] = []
  const slow = (id: string, more: Partial<TestMigration> = {}): TestMigration =>
    migration({
      id,
      uses: { one: 'sql' },
      up: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        told.push(id)
      },
      ...more,
    })
  const quick = (id: string, repeatable: 'onChange' | 'always', more: Partial<TestMigration> = {}): TestMigration =>
    migration({ id, uses: { other: 'sql' }, traits: { repeatable }, up: async () => void told.push(id), ...more })
  const options = (): Options => ({
    adapters: { one: betterSqlite3(new Database(':memory:')), other: betterSqlite3(new Database(':memory:')) },
    state: memory(),
  })
  beforeEach(() => void (told.length = 0))

  it('on change comes after those of its package that run once, on whichever storage, and others do not wait', async () => {
    const free = migration({ id: '@acme/b:1', uses: { other: 'sql' }, up: async () => void told.push('@acme/b:1') })
    const manifest = manifestOf([free, slow('@acme/a:1'), slow('@acme/a:2'), quick('@acme/a:views', 'onChange')])
    await migrate(manifest, options())
    expect(told).toEqual(['@acme/b:1', '@acme/a:1', '@acme/a:2', '@acme/a:views'])
  })

  it('always comes after all others, of every package', async () => {
    const manifest = manifestOf([
      slow('@acme/a:1'),
      quick('@acme/b:views', 'onChange'),
      quick('@acme/b:grants', 'always'),
      quick('@acme/b:more', 'always'),
    ])
    await migrate(manifest, options())
    expect(told).toEqual(['@acme/b:views', '@acme/a:1', '@acme/b:grants', '@acme/b:more'])
  })

  it('does not run where one of them failed', async () => {
    const failing = slow('@acme/a:1', { up: () => Promise.reject(new Error('no')) })
    const manifest = manifestOf([
      failing,
      quick('@acme/a:views', 'onChange'),
      quick('@acme/b:views', 'onChange'),
      quick('@acme/c:grants', 'always'),
    ])
    const run = migrate(manifest, { ...options(), onFailure: 'continue-independent' })
    await expect(run).rejects.toMatchObject({ code: 'MIG_R0201', id: '@acme/a:1' })
    expect(told).toEqual([])
  })
})
