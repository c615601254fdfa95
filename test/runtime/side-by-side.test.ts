import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

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
