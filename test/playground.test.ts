import { join } from 'node:path'
import { expect, it } from 'vitest'
import { scan } from '../src/scan/scan.ts'

it.each(['travel', 'shop'])('the lock file of playground/%s is up to date', async (name) => {
  const root = join(import.meta.dirname, '../playground', name)
  const { diagnostics, migrations } = await scan({ root, lock: { mode: 'frozen', accept: [] } })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(migrations.length).toBeGreaterThan(0)
})
