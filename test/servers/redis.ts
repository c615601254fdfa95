import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '@redis/client'

const URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const isThere = await answers(URL)
if (!isThere) console.warn(`skipped: no Redis at ${URL}. To run it: apt-get install redis-server && redis-server &`)

/** The server that tests share; `undefined` where none answers. Every test has a prefix of its own. */
export const redisUrl: string | undefined = isThere ? URL : undefined

/** Whether tests can start servers that are set up in another way. */
export const hasRedisServer: boolean = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedisServer) console.warn('skipped: no redis-server. To run it: apt-get install redis-server')

export interface OwnRedis {
  readonly port: number
  readonly url: string
  /** Kills it, and starts it again from what it has saved. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** A server of the test's own, with more options of `redis-server`. */
export async function startRedis(...options: readonly string[]): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const port = await freePort()
  const fixed = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const url = `redis://127.0.0.1:${port}`
  const start = async (): Promise<() => Promise<unknown>> => {
    const server = spawn('redis-server', [...fixed, ...options], { stdio: 'ignore' })
    const closed = new Promise((resolve) => server.on('close', resolve))
    while (server.exitCode === null && !(await answers(url))) await delay(20)
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`)
    return () => {
      server.kill('SIGKILL')
      return closed
    }
  }
  let kill = await start()
  return {
    port,
    url,
    async crash() {
      await kill()
      kill = await start()
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One whose companion for a cluster, 10000 above, lies below the ports that systems take for connections. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const port = 20_000 + Math.floor(Math.random() * 2_700)
    const probe = createServer()
    probe.on('error', () => freePort().then(resolve, reject))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)))
  })
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 2000 } })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
    client.destroy()
    return true
  } catch {
    return false
  }
}
