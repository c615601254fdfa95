import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeLock } from '../../src/plugin/write-lock.ts'
import { scan } from '../../src/scan/scan.ts'
import { app, migration } from '../scan/tree.ts'

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
