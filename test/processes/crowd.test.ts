import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Result } from '../../src/runtime/options.ts'

const run = promisify(execFile)
const ONCE = join(import.meta.dirname, 'once.mjs')
const CROWD = 20

interface Answer extends Result {
  /** Milliseconds since the epoch. */
  readonly begun: number
  readonly ended: number
}

const IDS = ['0001_effects', '0002_rows_and_files', '0003_files', '0004_events', '0005_all', '0006_rows'].map(
  (name) => `app:${name}`,
)

it.each(['db', 'own', 'files', 'events'])(
  'twenty processes at once, state in %s: every migration takes effect once, and all end well',
  async (state) => {
    const folder = mkdtempSync(join(tmpdir(), 'crowd-'))
    try {
      const crowd = Array.from({ length: CROWD }, (_, number) =>
        run(process.execPath, [ONCE, folder, state, `${number}`]),
      )
      const ended = Promise.allSettled(crowd)
      while (readdirSync(folder).filter((name) => name.startsWith('ready-')).length < CROWD) await delay(20)
      writeFileSync(join(folder, 'go'), '')
      const settled = await ended
      expect(settled.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))).toEqual([])
      const results = settled.flatMap((end) =>
        end.status === 'fulfilled' ? [JSON.parse(end.value.stdout) as Answer] : [],
      )
      expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(IDS)
      expect(results.flatMap(({ findings }) => findings)).toEqual([])

      const end = Math.max(...results.flatMap((result) => (result.applied.length > 0 ? [result.ended] : [])))
      const contenders = results.filter(({ begun }) => begun < end)
      expect(contenders.length, 'without contention this proves nothing').toBeGreaterThan(CROWD / 2)

      const database = new Database(join(folder, 'app.db'), { readonly: true })
      expect(database.prepare('select id from effects').pluck().all()).toEqual([
        'app:0002_rows_and_files',
        'app:0005_all',
        'app:0006_rows',
      ])
      expect(JSON.parse(readFileSync(join(folder, 'events.json'), 'utf8'))).toEqual({ visits: 11 })
      const pictures = readdirSync(join(folder, 'files'), { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith('.txt'),
      )
      expect(pictures.toSorted()).toEqual(['moved/1/picture.txt', 'moved/2/picture.txt'])
      expect(readFileSync(join(folder, 'files/moved/1/picture.txt'), 'utf8')).toBe('picture 1')

      const serials = database.prepare('select serial from unplugin_migrations order by serial').pluck().all()
      expect(serials).toEqual(serials.map((_, index) => index))
      expect(database.prepare('select count(*) from unplugin_migrations where done = 0').pluck().get()).toBe(0)
      database.close()

      const { stdout } = await run(process.execPath, [ONCE, folder, state])
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'current', applied: [] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
