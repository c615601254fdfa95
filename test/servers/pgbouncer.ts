import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const COMMAND = ['pgbouncer', '/usr/sbin/pgbouncer'].find((path) => spawnSync(path, ['--version']).status === 0)

/** Whether tests can start poolers. */
export const hasPgBouncer: boolean = COMMAND !== undefined
if (!hasPgBouncer) console.warn('skipped: no pgbouncer. To run it: apt-get install pgbouncer')

export interface PgBouncer {
  /** Leads to the same database through the pooler. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * A pooler of the test's own before a database.
 *
 * @param size how many sessions of the server it lends
 */
export async function startPgBouncer(
  target: string,
  mode: 'session' | 'transaction' | 'statement',
  size: number,
): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(target)
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'))
  const listening = await freePort()
  const name = pathname.slice(1)
  writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`)
  writeFileSync(
    join(folder, 'ini'),
    `[databases]
${name} = host=${hostname} port=${port || 5432} dbname=${name} user=${username} ${password === '' ? '' : `password=${password}`}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listening}
unix_socket_dir =
auth_type = any
auth_file = ${join(folder, 'users')}
pool_mode = ${mode}
default_pool_size = ${size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = ${join(folder, 'log')}
`,
  )
  // It refuses to run as root.
  chmodSync(folder, 0o777)
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? ['-u', 'nobody'] : []
  const child: ChildProcess = spawn(COMMAND ?? 'pgbouncer', [...user, join(folder, 'ini')], { stdio: 'ignore' })
  const closed = new Promise((resolve) => child.on('close', resolve))
  while (child.exitCode === null && !(await answers(listening))) await delay(20)
  if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`)
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(listening)
  return {
    url: url.href,
    async stop() {
      child.kill('SIGKILL')
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('close', () => socket.destroy())
    socket.on('connect', () => socket.destroy())
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
