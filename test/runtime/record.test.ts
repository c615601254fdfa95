import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { entriesOf } from '../../src/testing/log-entries.ts'
import { manifestOf, migration } from './manifest.ts'

/** Runs `first` before the first session takes the lock. */
function beforeLock(adapter: Adapter<'kv'>, first: () => Promise<unknown>): Adapter<'kv'> {
  let isDone = false
  return {
    ...adapter,
    async open() {
      const session = await adapter.open()
      return {
        ...session,
        async tryLock() {
          if (!isDone) {
            isDone = true
            await first()
          }
          return (await session.tryLock?.()) ?? false
        },
      }
    },
  }
}

it('is not written again by a runner whose migration another one settled and recorded', async () => {
  const db = betterSqlite3(new Database(':memory:'))
  const events = memory()
  const manifest = manifestOf([
    migration({ id: 'app:1', uses: { db: 'sql', events: 'kv' }, up: ({ events: keys }) => keys.set('a', 1) }),
    migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'select 1' }),
  ])
  const another = (): Promise<unknown> => migrate(manifest, { adapters: { db, events }, state: 'events' })
  const adapters = { db, events: beforeLock(events, another) }
  await migrate(manifest, { adapters, state: 'events' })
  const records = (await entriesOf(events)).filter(({ kind }) => kind === 'up')
  expect(records.map(({ id }) => id)).toEqual(['app:1', 'app:2'])
})
