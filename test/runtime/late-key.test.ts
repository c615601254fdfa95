import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent, Options } from '../../src/runtime/options.ts'
import { manifestOf, migration } from './manifest.ts'
import { moment } from './moment.ts'
import { remote } from './remote.ts'

// A run that is the last of its build writes that the build is complete. It may do so behind what it planned from, never
// behind what others wrote since.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'late-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const table = migration({
  id: 'app:table',
  uses: { db: 'sql' },
  up: async ({ db }) => db.run`create table t (n integer)`,
  down: async ({ db }) => db.run`drop table t`,
})

/** What a process has: connections of its own to storages that it shares. */
function processOn(data: Map<string, Json>): Options<'db' | 'cache'> & { readonly database: Database.Database } {
  const database = new Database(join(folder, 'app.db'))
  const cache: Adapter = { ...memory(data), client: {} }
  return { database, adapters: { db: betterSqlite3(database), cache }, state: 'db' }
}

/** Stops a run before it goes on with what it found, as if the process ended there. */
async function endsAt(event: MigrationEvent): Promise<void> {
  if (event.type === 'applied') throw new Error('the process ends')
}

async function kindsIn({ log }: Adapter): Promise<readonly Entry['kind'][]> {
  const kinds: Entry['kind'][] = []
  for await (const { kind } of log.read(-1)) kinds.push(kind)
  return kinds
}

/** Two migrations, the second with a participant; the run stands still between its commit and settling. */
function standingRun(data: Map<string, Json>, more: Partial<Options> = {}) {
  const manifest = manifestOf([
    table,
    migration({
      id: 'app:both',
      uses: { db: 'sql', cache: 'kv' },
      follows: [],
      up: async ({ cache }) => cache.set('k', 1),
    }),
  ])
  const { adapters } = processOn(data)
  const [stands, goesOn] = [moment(), moment()]
  const cache: Adapter = {
    ...(adapters.cache as Adapter),
    async open() {
      const session = await (adapters.cache as Adapter).open()
      return {
        ...session,
        async tryLock() {
          stands.reach()
          await goesOn.reached
          return (await session.tryLock?.()) ?? true
        },
      }
    },
  }
  const running = migrate(manifest, { adapters: { ...adapters, cache }, state: 'db', ...more })
  return { manifest, running, stands: stands.reached, goOn: goesOn.reach }
}

it('is not written by a run that settles what another one has settled, and taken a migration back behind', async () => {
  const data = new Map<string, Json>()
  const { manifest, running, stands, goOn } = standingRun(data, { hooks: (event) => appliedLast(event) })
  const appliedLast = async (event: MigrationEvent): Promise<void> => {
    if (event.type === 'applied' && event.id === 'app:both') await endsAt(event)
  }
  await stands
  await createMigrator(manifest, processOn(data)).only(['app:table'], { direction: 'down' })
  goOn()
  await expect(running).rejects.toThrow('the process ends')
  expect(await migrate(manifest, processOn(data))).toMatchObject({
    outcome: 'migrated',
    applied: [{ id: 'app:table' }],
  })
})

it('is not written behind the seal of a state that has moved', async () => {
  const data = new Map<string, Json>()
  const { manifest, running, stands, goOn } = standingRun(data)
  await stands
  const next = memory()
  await createMigrator(manifest, processOn(data)).moveState('db', next)
  goOn()
  await expect(running).rejects.toMatchObject({ code: 'MIG_R0113' })
  await expect(migrate(manifest, processOn(data))).rejects.toMatchObject({ code: 'MIG_R0113' })
  expect(await migrate(manifest, { ...processOn(data), state: next })).toMatchObject({ applied: [] })
})

it('is not written by a run whose commit got no answer, behind a run that has taken it back', async () => {
  const manifest = manifestOf([table])
  const other = processOn(new Map())
  const db = other.adapters.db as Adapter
  const lossy: Adapter = {
    ...betterSqlite3(new Database(join(folder, 'app.db'))),
    async open() {
      const session = await db.open()
      return {
        ...session,
        async begin(entry) {
          const unit = await session.begin?.(entry)
          if (!unit || unit === 'taken') return 'taken'
          return {
            ...unit,
            async commit(final) {
              await unit.commit(final)
              await createMigrator(manifest, processOn(new Map())).down('base')
              throw new Error('no answer')
            },
          }
        },
      }
    },
  }
  await expect(migrate(manifest, { adapters: { db: lossy }, state: 'db', hooks: endsAt })).rejects.toThrow('ends')
  expect(await migrate(manifest, processOn(new Map()))).toMatchObject({ outcome: 'migrated' })
})

it('is not written, nor is the record, where the state has moved while a storage without a log was worked on', async () => {
  const [data, books] = [new Map<string, Json>(), new Map<string, Json>()]
  const [stands, goesOn] = [moment(), moment()]
  const manifest = manifestOf([
    migration({
      id: 'app:1',
      uses: { data: 'kv' },
      traits: { idempotent: true },
      async up() {
        stands.reach()
        await goesOn.reached
      },
    }),
  ])
  const old = (): Adapter => ({ ...memory(books), client: {} })
  const on = (state: Adapter): Options => ({ adapters: { data: remote(data) }, state })
  const running = migrate(manifest, on(old()))
  await stands.reached
  const from = old()
  const next = memory()
  await createMigrator(manifest, on(from)).moveState(from, next)
  goesOn.reach()
  await expect(running).rejects.toMatchObject({ code: 'MIG_R0113' })
  expect(await kindsIn(old())).toEqual(['genesis', 'checked', 'step', 'sealed'])
  await expect(migrate(manifest, on(old()))).rejects.toMatchObject({ code: 'MIG_R0113' })
  expect(await migrate(manifest, on(next))).toMatchObject({ outcome: 'migrated' })
})
