import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'clock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Clock {
  readonly years: number
  readonly zone: string
}

async function migrated(file: string, count: number, { years, zone }: Clock): Promise<unknown> {
  const script = join(import.meta.dirname, 'clock-once.mjs')
  const { stdout } = await run(process.execPath, [script, file, `${count}`, `${years}`], {
    env: { ...process.env, TZ: zone },
  })
  return JSON.parse(stdout)
}

const now = new Date().getFullYear()
const CLOCKS: readonly Clock[] = [
  { years: 0, zone: 'UTC' },
  { years: 10, zone: 'Pacific/Kiritimati' },
  { years: -10, zone: 'America/St_Johns' },
  { years: -50, zone: 'Europe/Berlin' },
  { years: 0, zone: 'Australia/Lord_Howe' },
]

it('V13 runners whose clocks are years apart, and in other time zones, do each migration once, in order (Flyway compares clocks)', async () => {
  const file = join(folder, 'app.db')
  for (const [index, clock] of CLOCKS.entries()) {
    const count = index + 1
    const told = await migrated(file, count, clock)
    expect(told).toMatchObject({ outcome: 'migrated', applied: [`app:${count}`], findings: [] })
    expect(Math.abs(Object(told).year - (now + clock.years)), 'its clock').toBeLessThan(2)
    for (const other of CLOCKS.slice(0, 2))
      expect(await migrated(file, count, other)).toMatchObject({ outcome: 'current', applied: [], findings: [] })
  }
  const database = new Database(file)
  expect(database.prepare('select n from effects').pluck().all()).toEqual(CLOCKS.map((_, index) => index + 1))
  const years = database.prepare(`select substr(at, 1, 4) from unplugin_migrations where kind = 'up'`).pluck().all()
  expect(new Set(years).size, 'times that people see').toBeGreaterThan(2)
  database.close()
})
