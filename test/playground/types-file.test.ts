import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { typesFile } from '../../src/codegen/types-file.ts'
import { scan } from '../../src/scan/scan.ts'

it.each(['travel', 'shop'])('the committed migrations-env.d.ts of %s is what its build writes', async (name) => {
  const root = join(import.meta.dirname, '../../playground', name)
  const { migrations } = await scan({ root })
  expect(migrations.length).toBeGreaterThan(0)
  expect(readFileSync(join(root, 'migrations-env.d.ts'), 'utf8')).toBe(typesFile(migrations.map(({ id }) => id)))
})
