import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { jsonFile } from '../../src/adapters/json-file.ts'
import { createMigrator } from '../../src/admin.ts'
import type { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { effectsOf } from './effects.ts'
import { storages } from './storages.ts'

const folder = mkdtempSync(join(tmpdir(), 'release-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('frees the lock of another host by the token that the error names, and by no other', async () => {
  const { options } = storages()
  const file = join(folder, 'data.json')
  const given = { ...options, adapters: { ...options.adapters, cache: jsonFile(file) } }
  const manifest = effectsOf([{ id: 'app:1', and: 'cache' }])
  const lock = join(`${file}.migrations`, 'lock')
  mkdirSync(lock, { recursive: true })
  const holder = { token: 'its-token', host: 'elsewhere', boot: null, pid: 7, started: null }
  writeFileSync(join(lock, '0000000007.json'), JSON.stringify(holder))
  const error = (await migrate(manifest, given).catch((thrown: unknown) => thrown)) as MigrationError
  expect(error.code).toBe('MIG_R0235')
  const token = /token (\S+?)\.?$/m.exec(error.message)?.[1] ?? ''
  expect(token).toBe('its-token')
  const migrator = createMigrator(manifest, given)
  await expect(migrator.release('cache', { token: 'another' })).rejects.toMatchObject({ code: 'MIG_R0126' })
  await expect(migrator.release('db', { token })).rejects.toMatchObject({ code: 'MIG_R0126' })
  const dry = await migrator.release('cache', { token, dryRun: true })
  await expect(migrate(manifest, given)).rejects.toMatchObject({ code: 'MIG_R0235' })
  expect(await migrator.release('cache', { token })).toEqual({ ...dry, dryRun: false })
  await expect(migrator.release('cache', { token })).rejects.toMatchObject({ code: 'MIG_R0126' })
  await migrate(manifest, given)
  expect(await migrator.status()).toMatchObject({ migrations: [{ id: 'app:1', state: 'applied' }] })
})
