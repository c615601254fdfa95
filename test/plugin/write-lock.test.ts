import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeLock } from '../../src/plugin/write-lock.ts'
import { parseLock } from '../../src/scan/lock/parse.ts'
import type { ScanOptions } from '../../src/scan/options.ts'
import type { ScanResult } from '../../src/scan/result.ts'
import { scan } from '../../src/scan/scan.ts'
import { app, migration, write } from '../scan/tree.ts'

it('writes the lock file, and warns where it cannot', async () => {
  const root = app({ '1.js': migration() })
  const result = await scan({ root, lock: { mode: 'build', accept: [] } })
  if (!result.lock) throw new Error('the scan has no lock file')
  const { file } = result.lock
  const gone = { ...result, lock: { ...result.lock, file: { ...file, path: join(root, 'gone/migrations.lock') } } }
  expect(writeLock(gone)).toMatchObject({ code: 'MIG_B0410', severity: 'warning' })
  expect(writeLock(result)).toBeUndefined()
  expect(readFileSync(join(root, 'migrations.lock'), 'utf8')).toBe(file.after)
})

it('writes the options only of a build that fails, and nothing of one with those of the file', async () => {
  const root = app({ '1.js': migration() })
  const path = join(root, 'migrations.lock')
  const built = async (options: Partial<ScanOptions>): Promise<ScanResult> => {
    const result = await scan({ root, ...options, lock: { mode: 'build', accept: [] } })
    expect(writeLock(result)).toBeUndefined()
    return result
  }
  const first = await built({})
  const before = readFileSync(path, 'utf8')
  write(root, { 'migrations/2.js': 'export const' })
  expect((await built({})).migrations).toEqual([])
  expect(readFileSync(path, 'utf8')).toBe(before)
  await built({ path: './migrations' })
  const after = readFileSync(path, 'utf8')
  expect(after).toContain('options {"path":"./migrations"}\n')
  expect(parseLock(after).lock.packages).toEqual(parseLock(before).lock.packages)
  await built({})
  expect(readFileSync(path, 'utf8')).toBe(before)
  expect(first.lock?.file.after).toBe(before)
})
