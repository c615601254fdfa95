import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { files } from '../../src/adapters/files.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { check } from '../../src/runtime/check.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const fresh = (): string => join(folder, String(count++))

const table = (id: string, more: Partial<TestMigration> = {}): TestMigration => ({
  ...migration({ id, uses: { db: 'sql' }, up: async ({ db }) => db.script('create table if not exists t (x)') }),
  ...more,
})

function optionsOf(): Options {
  return { adapters: { db: betterSqlite3(new Database(fresh())) }, state: 'db' }
}

/** The real one, which stops before it puts staged work in place. */
function unsettling(adapter: Adapter): Adapter {
  return {
    ...adapter,
    async open() {
      const session = await adapter.open()
      return { ...session, settle: () => Promise.reject(new Error('stopped')) }
    },
  }
}

it('is not done while staged work is not in place, and is when it is', async () => {
  const tree = files(fresh())
  const manifest = manifestOf([
    migration({
      id: 'app:1',
      uses: { db: 'sql', files: 'files' },
      up: async ({ db, files: handle }) => {
        await db.script('create table t (x)')
        await handle.write('a.txt', Buffer.from('a'))
      },
    }),
  ])
  const { adapters, ...rest } = optionsOf()
  const options: Options = { ...rest, adapters: { ...adapters, files: tree } }
  const stopping: Options = { ...rest, adapters: { ...adapters, files: unsettling(tree) } }
  await expect(migrate(manifest, stopping)).rejects.toMatchObject({ code: 'MIG_R0204' })
  const served = await check(manifest, { ...options, onPending: 'serve' })
  expect(served).toMatchObject({ outcome: 'pending', pending: ['app:1'] })
  await expect(check(manifest, { ...options, onPending: 'fail' })).rejects.toMatchObject({
    code: 'MIG_R0112',
    notApplied: ['app:1'],
  })
  await migrate(manifest, options)
  expect(await check(manifest, { ...options, onPending: 'fail' })).toMatchObject({ outcome: 'current' })
})

it('stops at a history at which migrate stops', async () => {
  const options = optionsOf()
  await migrate(manifestOf([table('app:1')]), options)
  const changed = manifestOf([table('app:1', { hash: 'h0:other' })])
  for (const ask of [migrate, check]) await expect(ask(changed, options)).rejects.toMatchObject({ code: 'MIG_R0301' })
  const { findings } = await check(changed, { ...options, changed: 'warn' })
  expect(findings).toMatchObject([{ code: 'MIG_R0301', id: 'app:1' }])
})

it('says that a newer build was here, as migrate does', async () => {
  const options = optionsOf()
  await migrate(manifestOf([table('app:1'), table('app:2')]), options)
  const older = manifestOf([table('app:1')])
  for (const ask of [check, migrate])
    expect(await ask(older, options)).toMatchObject({ outcome: 'ahead', findings: [{ id: 'app:2' }] })
})
