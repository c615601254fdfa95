import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { nodeSqliteModule } from '../adapters/database-sync.ts'
import { testOnNewerNode } from '../newer-node.ts'
import { useCases } from './use-cases.ts'

if (nodeSqliteModule) testInBothModes()
else testOnNewerNode(import.meta.filename, 40)

function testInBothModes(): void {
  const folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'))
  process.env['TESTING_FOLDER'] = folder
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const mode of ['delete', 'wal']) {
    describe(`journal mode ${mode}`, () => {
      // The processes of a case take it from here as well.
      beforeAll(() => {
        process.env['TESTING_JOURNAL'] = mode
      })
      useCases('node-sqlite', { processes: 4, killEvery: 15 })
    })
  }
}
