import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Result } from '../../src/runtime/options.ts'
import { findNodeWithSqlite } from '../newer-node.ts'

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

/** A driver, and the Node that has it. */
type Driver = readonly [driver: string, node: string]

/** The processes have the drivers in turn, all on one database. */
async function testCrowd(state: string, drivers: readonly Driver[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crowd-'))
  const once = (number: number, ...more: readonly string[]): Promise<{ readonly stdout: string }> => {
    const [driver, node] = drivers[number % drivers.length] ?? ['', '']
    return run(node, [ONCE, folder, state, driver, ...more])
  }
  try {
    const crowd = Array.from({ length: CROWD }, (_, number) => once(number, `${number}`))
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

    for (const number of drivers.keys()) {
      const { stdout } = await once(number)
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'current', applied: [] })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const BETTER: Driver = ['better-sqlite3', process.execPath]
it.each(['db', 'own', 'files', 'events'])(
  'twenty processes at once, state in %s: every migration takes effect once, and all end well',
  (state) => testCrowd(state, [BETTER]),
)

const nodeWithSqlite = findNodeWithSqlite()
const NODE: Driver = ['node-sqlite', nodeWithSqlite ?? '']
it.skipIf(nodeWithSqlite === undefined).each([
  ['node:sqlite', 'db', [NODE]],
  ['node:sqlite', 'own', [NODE]],
  ['both drivers', 'db', [BETTER, NODE]],
] as const)('twenty processes of %s at once, state in %s: the same', (_, state, drivers) => testCrowd(state, drivers))
