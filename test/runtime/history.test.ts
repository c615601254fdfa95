import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { status } from '../../src/runtime/status.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const sql = (id: string, more: Partial<TestMigration> = {}): TestMigration => ({
  ...migration({ id, uses: { db: 'sql' }, sql: `create table "${id}" (a)` }),
  ...more,
})

function fresh(more: Partial<Options<'db'>> = {}): Options<'db'> {
  return { adapters: { db: betterSqlite3(new Database(':memory:')) }, state: 'db', ...more }
}

it('V04 stops at a changed hash, unless the policy or the lock file accepts it', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('a:1', { hash: 'h0:old' })]), options)
  const edited = manifestOf([sql('a:1', { hash: 'h0:new' }), sql('a:2')])
  await expect(migrate(edited, options)).rejects.toMatchObject({ code: 'MIG_R0301', id: 'a:1', notApplied: ['a:2'] })
  const accepted = manifestOf([sql('a:1', { hash: 'h0:new', accepted: ['h0:old'] }), sql('a:2')])
  expect((await status(accepted, options)).findings).toMatchObject([{ code: 'MIG_R0306', id: 'a:1' }])
  expect(await migrate(accepted, options)).toMatchObject({ outcome: 'migrated', findings: [] })
  const warned = await migrate(manifestOf([sql('a:1', { hash: 'h0:newer' }), sql('a:2')]), {
    ...options,
    changed: 'warn',
  })
  expect(warned.findings).toMatchObject([{ code: 'MIG_R0301', id: 'a:1' }])
})

it('tells of a changed hash in development, and goes on', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('a:1', { hash: 'h0:old' })]), options)
  const edited = { ...manifestOf([sql('a:1', { hash: 'h0:new' }), sql('a:2')]), development: true } as const
  expect(await migrate(edited, options)).toMatchObject({
    outcome: 'migrated',
    findings: [{ code: 'MIG_R0301', id: 'a:1' }],
  })
  await expect(migrate(edited, { ...options, changed: 'error' })).rejects.toMatchObject({ code: 'MIG_R0301' })
})

it('lists every changed migration at once', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('a:1'), sql('a:2')]), options)
  const edited = manifestOf([sql('a:1', { hash: 'h0:x' }), sql('a:2', { hash: 'h0:y' })])
  await expect(migrate(edited, options)).rejects.toThrow(/a:1.*a:2/s)
})

it('N11 V04 runs a late migration with a warning, or refuses it', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('a:1'), sql('a:3'), sql('b:9')]), options)
  const late = manifestOf([sql('a:1'), sql('a:2'), sql('a:3'), sql('b:9')])
  await expect(migrate(late, { ...options, outOfOrder: 'error' })).rejects.toMatchObject({
    code: 'MIG_R0303',
    id: 'a:2',
  })
  const result = await migrate(late, options)
  expect(result.findings).toMatchObject([{ code: 'MIG_R0303', id: 'a:2' }])
  expect(result.applied).toMatchObject([{ id: 'a:2' }])
})

it('is not late behind another package', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('b:1')]), options)
  expect((await migrate(manifestOf([sql('a:1'), sql('b:1')]), options)).findings).toEqual([])
})

it('N11 V04 stops at a migration that was applied before its declared dependency', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('b:1')]), options)
  const declared = manifestOf([sql('a:1'), sql('b:1', { dependsOn: ['a:1'] })])
  await expect(migrate(declared, options)).rejects.toMatchObject({ code: 'MIG_R0304', id: 'b:1' })
})

it('V01 V10 starts on a newer history without running anything, ignores other applications, and knows retired ids', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('a:1'), sql('a:2'), sql('other:1')]), options)
  const older = manifestOf([sql('a:1')])
  expect(await migrate(older, options)).toMatchObject({
    outcome: 'ahead',
    applied: [],
    findings: [{ code: 'MIG_R0302', id: 'a:2' }],
  })
  const strict = manifestOf([sql('a:1'), sql('c:1')])
  await expect(migrate(strict, { ...options, unknown: 'error' })).rejects.toMatchObject({ code: 'MIG_R0302' })
  const retired = { ...older, retired: ['a:2'] }
  expect((await status(retired, options)).findings).toMatchObject([{ code: 'MIG_R0307', id: 'a:2' }])
  expect(await migrate(retired, { ...options, unknown: 'error' })).toMatchObject({ outcome: 'current', findings: [] })
})

it('V04 knows a migration by its former id', async () => {
  const options = fresh()
  await migrate(manifestOf([sql('old:1', { hash: 'h0:same' })]), options)
  const renamed = manifestOf([sql('new:1', { hash: 'h0:same', formerly: ['old:1'] })])
  expect(await migrate(renamed, options)).toMatchObject({ applied: [], findings: [] })
  expect((await status(renamed, options)).migrations).toMatchObject([{ id: 'new:1', state: 'applied' }])
})
