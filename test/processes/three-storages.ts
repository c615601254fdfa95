import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Result } from '../../src/runtime/options.ts'
import { bundled } from '../crowd/build.ts'
import { findNodeWithSqlite } from '../newer-node.ts'
import { type Data, recordsIn } from './data.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'three-storages-'))
let once = ''
beforeAll(async () => {
  once = await bundled(join(import.meta.dirname, 'once.mjs'), join(folder, 'built'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
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
export type Driver = readonly [driver: string, node: string]

/** The processes have the drivers in turn, all on one database. */
export async function testCrowd(data: Data, drivers: readonly Driver[]): Promise<void> {
  const { folder: place, state, env } = data
  const start = (number: number, ...more: readonly string[]): Promise<{ readonly stdout: string }> => {
    const [driver, node] = drivers[number % drivers.length] ?? ['', '']
    return run(node, [once, place, state, driver, ...more], { env: { ...process.env, ...env } })
  }
  try {
    const crowd = Array.from({ length: CROWD }, (_, number) => start(number, `${number}`))
    const ended = Promise.allSettled(crowd)
    while (readdirSync(place).filter((name) => name.startsWith('ready-')).length < CROWD) await delay(20)
    writeFileSync(join(place, 'go'), '')
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

    expect(await data.rows('select id from effects')).toEqual([
      { id: 'app:0002_rows_and_files' },
      { id: 'app:0005_all' },
      { id: 'app:0006_rows' },
    ])
    expect(JSON.parse(readFileSync(join(place, 'events.json'), 'utf8'))).toEqual({ visits: 11 })
    const pictures = readdirSync(join(place, 'files'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.txt'),
    )
    expect(pictures.toSorted()).toEqual(['moved/1/picture.txt', 'moved/2/picture.txt'])
    expect(readFileSync(join(place, 'files/moved/1/picture.txt'), 'utf8')).toBe('picture 1')

    const entries = await data.rows('select serial, done from unplugin_migrations order by serial')
    expect(entries.map(({ serial, done }) => [Number(serial), Number(done)])).toEqual(
      entries.map((_, index) => [index, 1]),
    )

    if (state === 'own' || state === 'redis') {
      const records = (await recordsIn(data)).filter(({ kind }) => kind === 'up')
      expect(records.map(({ id }) => id).toSorted()).toEqual(IDS)
    }

    for (const number of drivers.keys()) {
      const { stdout } = await start(number)
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'current', applied: [] })
    }
  } finally {
    await data.remove()
  }
}

/** A folder that is removed when the tests of the file are over. */
export const fresh = (): string => mkdtempSync(join(folder, 'place-'))

export const nodeWithSqlite: string | undefined = findNodeWithSqlite()
export const BETTER: Driver = ['better-sqlite3', process.execPath]
export const NODE: Driver = ['node-sqlite', nodeWithSqlite ?? '']
export const PG: Driver = ['pg', process.execPath]
