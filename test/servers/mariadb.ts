import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Pool, type PoolOptions, createConnection, createPool } from 'mysql2/promise'
import { afterAll } from 'vitest'

const URL_OF = process.env['MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306'

/** Whether tests can start servers of their own. */
export const hasMariadbd: boolean = spawnSync('mariadbd', ['--version']).status === 0
if (!hasMariadbd) console.warn('skipped: no mariadbd. To run it: apt-get install mariadb-server')

const isThere = await answers(URL_OF)
const own = isThere || !hasMariadbd ? undefined : await startMariadb()

/** The server that tests share, else one of this file's; `undefined` where neither can be. */
export const mariadbUrl: string | undefined = isThere ? URL_OF : own?.url

export interface Databases {
  /** An empty one, dropped when the tests of the file are over. @returns its URL */
  create(): Promise<string>
  /** To a database, closed when the tests of the file are over. */
  pool(url: string, options?: PoolOptions): Pool
}

/** Databases on the shared server, for the tests of one file. */
export function useDatabases(): Databases {
  const names: string[] = []
  const pools: Pool[] = []
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end().catch(() => {})))
    if (mariadbUrl !== undefined)
      for (const name of names) await administer(mariadbUrl, `DROP DATABASE IF EXISTS ${name}`)
    await own?.remove()
  }, 60_000)
  return {
    async create() {
      const name = `mysql_helper_${randomBytes(8).toString('hex')}`
      names.push(name)
      await administer(mariadbUrl ?? '', `CREATE DATABASE ${name}`)
      const url = new URL(mariadbUrl ?? '')
      url.pathname = `/${name}`
      return url.href
    },
    pool(url, options = {}) {
      const pool = createPool({ uri: url, ...options })
      pools.push(pool)
      return pool
    },
  }
}

export async function administer(
  url: string,
  statement: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await createConnection({ uri: url, connectTimeout: 2000 })
  try {
    const [rows] = await connection.query(statement)
    return Array.isArray(rows) ? (rows as Readonly<Record<string, unknown>>[]) : []
  } finally {
    await connection.end().catch(() => {})
  }
}

export interface OwnMariadb {
  readonly url: string
  /** As a power cut would. */
  kill(): Promise<void>
  start(): Promise<void>
  /** For good. */
  remove(): Promise<void>
}

/** A server of the test's own, with a database `app`. */
export async function startMariadb(): Promise<OwnMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'))
  const data = join(folder, 'data')
  const user = `--user=${userInfo().username}`
  const install = ['--no-defaults', `--datadir=${data}`, user, '--auth-root-authentication-method=normal']
  const made = spawnSync('mariadb-install-db', [...install, '--skip-test-db'], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}`)
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const url = `mysql://root@127.0.0.1:${port}`
  let end: (() => Promise<void>) | undefined
  const start = async (): Promise<void> => {
    const fixed = ['--no-defaults', `--datadir=${data}`, user, `--port=${port}`, '--bind-address=127.0.0.1']
    const server = spawn('mariadbd', [...fixed, `--socket=${join(folder, 'socket')}`, '--innodb-log-file-size=8M'], {
      stdio: 'ignore',
    })
    const closed = new Promise((resolve) => server.on('close', resolve))
    end = async () => {
      server.kill('SIGKILL')
      await closed
    }
    while (server.exitCode === null && !(await answers(url))) await delay(50)
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`)
  }
  await start()
  await administer(url, 'CREATE DATABASE IF NOT EXISTS app')
  const kill = async (): Promise<void> => end?.()
  return {
    url: `${url}/app`,
    kill,
    start,
    async remove() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await administer(url, 'SELECT 1')
    return true
  } catch {
    return false
  }
}
