import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'mysql2/promise'
import { afterAll } from 'vitest'
import { mysql2 } from '../../src/adapters/mysql2.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options, Result } from '../../src/runtime/options.ts'
import traits from '../../src/runtime/traits/strategy.ts'
import { manifest } from './mysql-manifest.mjs'

const ONCE = join(import.meta.dirname, 'mysql-once.mjs')
const KILLER = join(import.meta.dirname, '../kill/kill-at.cjs')

export type Way = 'plain' | 'crowd' | 'again' | 'steps' | 'slow'

/** Removed when the tests of the file are over. */
export const folder: string = mkdtempSync(join(tmpdir(), 'mysql-processes-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly errors: string
}

export function start(
  url: string,
  way: Way,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): [ChildProcess, Promise<End>] {
  const killer = env['KILL_AT'] === undefined ? [] : ['--require', KILLER]
  const child = spawn(process.execPath, [...killer, ONCE, url, way, ...more], { env: { ...process.env, ...env } })
  running.add(child)
  const out: string[] = []
  const errors: string[] = []
  child.stdout?.on('data', (text) => out.push(String(text)))
  child.stderr?.on('data', (text) => errors.push(String(text)))
  const end = new Promise<End>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, out: out.join(''), errors: errors.join('') })
    })
  })
  return [child, end]
}

export function given(pool: Pool, way: Way): readonly [Manifest, Options] {
  return [manifest(way, traits) as unknown as Manifest, { adapters: { db: mysql2(pool) }, state: 'db' }]
}

export function run(pool: Pool, way: Way): Promise<Result> {
  return migrate(...given(pool, way))
}

export async function rows(pool: Pool, query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await pool.query(query))[0] as readonly Readonly<Record<string, unknown>>[]
}

export async function columnsOf(pool: Pool, table: string): Promise<readonly unknown[]> {
  const query = `select column_name as name from information_schema.columns where table_schema = database() and table_name = '${table}'`
  return (await rows(pool, query)).map(({ name }) => name)
}

/** Processes that all begin at one moment. @returns how each of them ended */
export async function crowd(url: string, size: number, env: NodeJS.ProcessEnv = {}): Promise<readonly End[]> {
  const place = mkdtempSync(join(folder, 'crowd-'))
  const all = Array.from({ length: size }, (_, number) => start(url, 'crowd', [place, `${number}`], env)[1])
  while (readdirSync(place).filter((name) => name.startsWith('ready-')).length < size) await delay(20)
  writeFileSync(join(place, 'go'), '')
  return Promise.all(all)
}
