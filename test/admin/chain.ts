import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { effectsDatabase, effectsIn } from './effects.ts'

export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly errors: string
}

/** Two databases and a folder, `b:1` on the second and in the folder after `a:1` on the first, and processes on them. */
export interface Chain {
  readonly folder: string
  /** A process of chain.mjs, with its environment. */
  start(command: string, env?: Readonly<Record<string, string>>, waitsFor?: string, killAt?: number): Started
  /** Until a process has stopped at its pause. */
  reached(where: Pause): Promise<void>
  /** Lets it go on. */
  go(where: Pause): void
  /** Rows of the first database, and rows of the second with the files of the folder. */
  effects(): Promise<readonly [readonly string[], readonly string[]]>
  /** All of it again, for another try. SQLite only. */
  copy(): Promise<Chain>
  remove(): void
}

export type Pause = 'up' | 'down' | 'before'

export interface Started {
  readonly child: ChildProcess
  readonly end: Promise<End>
}

const killer = join(import.meta.dirname, '../kill/kill-at.cjs')

/** @param databases URLs of PostgreSQL; else two files of SQLite */
export async function chain(databases?: readonly [string, string], from?: string): Promise<Chain> {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'))
  if (from !== undefined) cpSync(from, folder, { recursive: true })
  const files = [join(folder, 'one.db'), join(folder, 'two.db')] as const
  for (const file of databases ? [] : files) effectsDatabase(file).close()
  for (const url of databases ?? []) await query(url, 'create table effects (id text primary key)')
  return {
    folder,
    start(command, env = {}, waitsFor, killAt) {
      const script = join(import.meta.dirname, 'chain.mjs')
      const more = databases ? { DATABASES: databases.join(' ') } : {}
      const killing = killAt === undefined ? {} : { KILL_AT: `${killAt}`, BETTER_SQLITE3: driver() }
      const parameters = [...(killAt === undefined ? [] : ['--require', killer]), script, folder, command]
      const child = spawn(process.execPath, waitsFor === undefined ? parameters : [...parameters, waitsFor], {
        env: { ...process.env, ...more, ...killing, ...env },
      })
      return { child, end: endOf(child) }
    },
    async reached(where) {
      while (!existsSync(join(folder, `at-${where}`))) await delay(5)
    },
    go: (where) => writeFileSync(join(folder, `go-${where}`), ''),
    async effects() {
      const [one = [], two = []] = await Promise.all(databases ? databases.map(rowsOf) : files.map(rowsIn))
      return [one, [...two, ...treeIn(join(folder, 'files'))]]
    },
    copy: () => chain(undefined, folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Without the books of the storage. */
function treeIn(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path).filter((name) => name !== '.migrations') : []
}

function driver(): string {
  return join(import.meta.dirname, '../../node_modules/better-sqlite3')
}

function endOf(child: ChildProcess): Promise<End> {
  const out: string[] = []
  const errors: string[] = []
  child.stdout?.on('data', (text) => out.push(String(text)))
  child.stderr?.on('data', (text) => errors.push(String(text)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, out: out.join(''), errors: errors.join('') }))
  })
}

async function rowsIn(file: string): Promise<readonly string[]> {
  const database = new Database(file)
  const ids = effectsIn(database)
  database.close()
  return ids
}

async function rowsOf(url: string): Promise<readonly string[]> {
  const rows = await query(url, 'select id from effects order by id')
  return rows.map(({ id }) => String(id))
}

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
