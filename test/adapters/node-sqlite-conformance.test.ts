import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { nodeSqlite } from '../../src/adapters/node-sqlite.ts'
import { testOnNewerNode } from '../newer-node.ts'
import { testAdapter } from './conformance.ts'
import { nodeSqliteModule } from './database-sync.ts'

if (nodeSqliteModule) testConformance(nodeSqliteModule)
else testOnNewerNode(import.meta.filename, 8)

function testConformance({ DatabaseSync }: NonNullable<typeof nodeSqliteModule>): void {
  const folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let count = 0

  for (const mode of ['delete', 'wal']) {
    testAdapter(`node-sqlite, journal mode ${mode}`, () => {
      const file = join(folder, String(count++))
      const first = new DatabaseSync(file)
      first.exec(`pragma journal_mode = ${mode}`)
      return {
        open: () => nodeSqlite(new DatabaseSync(file)),
        isUntouched: () => first.prepare('select name from sqlite_master').all().length === 0,
      }
    })
  }
}
