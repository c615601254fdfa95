import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testAdapter } from '../../dist/testing.js'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'
import { usePostgres } from '../servers/postgres.ts'
import { redisUrl } from '../servers/redis.ts'
import { useCases } from './use-cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'testing-soak-'))
process.env['TESTING_FOLDER'] = folder
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// The cases of which the other tests of this folder leave something out. Each call, and as many processes as by default.
const isShortened = (name: string): boolean => /several processes|killed|is gone/.test(name)

for (const name of ['better-sqlite3', 'files', 'json-file', 'remote']) useCases(name, {}, isShortened)

const postgres = usePostgres()
it.each(['pg', 'pg-direct'])('%s', async (name) => {
  process.env['TESTING_POSTGRES'] = await postgres.createDatabase()
  const cases = await testAdapter(new URL(`./${name}.fixture.mjs`, import.meta.url))
  const shortened = cases.filter((one) => isShortened(one.name))
  for (const one of shortened) await expect(one.run(), one.name).resolves.toBeUndefined()
  expect(shortened.length).toBeGreaterThan(4)
})

// Where the test started a server of its own, it ends with it.
useDatabases()
process.env['TESTING_MARIADB'] = mariadbUrl
if (mariadbUrl !== undefined) useCases('mysql2', {}, isShortened)

process.env['TESTING_REDIS'] = redisUrl
for (const client of redisUrl === undefined ? [] : ['node-redis', 'ioredis']) {
  process.env['TESTING_REDIS_CLIENT'] ??= client
  describe(`through ${client}`, () => {
    beforeAll(() => {
      process.env['TESTING_REDIS_CLIENT'] = client
    })
    useCases('redis', {}, isShortened)
  })
}
