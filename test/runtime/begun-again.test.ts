import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { Adapter, Session } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from './manifest.ts'

const folder = mkdtempSync(join(tmpdir(), 'begun-again-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The adapter, whose sessions are counted, and of which the first to stage anything fail. */
function failing(adapter: Adapter<'kv'>, times: number, open: Set<Session>): Adapter<'kv'> {
  let left = times
  return {
    ...adapter,
    async open() {
      const session = await adapter.open()
      const own: Session<'kv'> = {
        ...session,
        async stage(entry) {
          if (left-- > 0) throw new Error('not yet')
          if (!session.stage) throw new TypeError('stages nothing')
          return session.stage(entry)
        },
        async close() {
          open.delete(own)
          await session.close()
        },
      }
      open.add(own)
      return own
    },
  }
}

it('a unit that begins again, since its committer may call any error one that passes, closes what each begin opened', async () => {
  const database = new Database(':memory:')
  const db: Adapter<'sql'> = { ...betterSqlite3(database), classify: () => 'retry' }
  const open = new Set<Session>()
  const events = failing(jsonFile(join(folder, 'events.json')), 2, open)
  const both = migration({
    id: 'app:0001',
    uses: { db: 'sql', events: 'kv' },
    async up({ db: sql, events: keys }) {
      await sql.script('create table once (n integer)')
      await keys.set('made', true)
    },
  })
  const { applied } = await migrate(manifestOf([both]), { adapters: { db, events }, state: 'db' })
  expect(applied.map(({ id }) => id)).toEqual(['app:0001'])
  expect(open.size).toBe(0)
})
