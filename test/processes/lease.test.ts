import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, expect, it } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'lease-'))
const children: ChildProcess[] = []
let count = 0

afterEach(() => {
  // Also one that stands still.
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Runner {
  readonly child: ChildProcess
  readonly pid: number
  /** What it has printed. */
  out(): string
  /** Resolves when it has printed that. */
  said(text: string): Promise<void>
  /** Ids that it has applied. */
  readonly applied: Promise<string>
}

function newFolder(): string {
  return mkdtempSync(join(root, `${count++}-`))
}

function start(folder: string, ttl: number, first: 'nothing' | 'wait' | 'block' = 'nothing'): Runner {
  const script = join(import.meta.dirname, 'lease-once.mjs')
  const child = spawn(process.execPath, [script, folder, `${ttl}`, first])
  children.push(child)
  let out = ''
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (out += String(text)))
  const closed = once(child, 'close')
  return {
    child,
    pid: child.pid ?? 0,
    out: () => out,
    async said(text) {
      while (!out.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended without "${text}": ${out}`)
        await delay(10)
      }
    },
    applied: closed.then(() => /^applied (.*)$/m.exec(out)?.[1] ?? `it ended: ${out}`),
  }
}

/** Who has called which migration. */
function callsIn(folder: string): readonly string[] {
  const file = join(folder, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

function dataIn(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8'))
}

const ALL = 'app:1,app:2,app:3,app:4'
const ONCE = { 'app:1': 1, 'app:2': 1, 'app:3': 1, 'app:4': 1 }
const TTL = 3000

async function crowd(ttl: number): Promise<readonly string[]> {
  const folder = newFolder()
  const runners = Array.from({ length: 6 }, () => start(folder, ttl))
  const applied = await Promise.all(runners.map((runner) => runner.applied))
  expect(applied.filter(Boolean).join().split(',').toSorted().join()).toBe(ALL)
  expect(dataIn(folder)).toEqual(ONCE)
  return callsIn(folder)
}

it('of several processes one does the work, and the others wait for it', { timeout: 60_000 }, async () => {
  // Long, so that none is thought dead on a machine that is busy.
  expect(await crowd(20_000)).toHaveLength(4)
})

it('without the lease several of them do the same work, and each effect is there once all the same', async () => {
  expect((await crowd(0)).length).toBeGreaterThan(4)
}, 60_000)

it('C01 a killed holder is waited for as long as its lease lasts, whatever time it is, and another one goes on', async () => {
  const folder = newFolder()
  const holder = start(folder, TTL, 'wait')
  await holder.said('inside')
  const other = start(folder, TTL)
  await other.said('waiting')
  expect(other.out()).toMatch(/waiting leased with the token 1 by a run that began with app:1 at /)
  // It gives signs of life for much longer than its lease lasts without.
  await delay(2 * TTL)
  expect(callsIn(folder)).toEqual([`${holder.pid} app:1`])
  const killed = performance.now()
  holder.child.kill('SIGKILL')
  expect(await other.applied).toBe(ALL)
  // One and a half times, since a sign of life that may be a third old.
  expect(performance.now() - killed).toBeGreaterThan(TTL)
  expect(dataIn(folder)).toEqual(ONCE)
}, 60_000)

async function standsStill({ pid }: Runner): Promise<void> {
  const state = (): string | undefined => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  while (state() !== 'T') await delay(10)
}

it.skipIf(!existsSync('/proc/self/status'))(
  'C11 a holder that stands still loses its lease, and finds out when it comes back',
  async () => {
    const folder = newFolder()
    const holder = start(folder, TTL, 'wait')
    await holder.said('inside')
    holder.child.kill('SIGSTOP')
    await standsStill(holder)
    const other = start(folder, TTL)
    expect(await other.applied).toBe(ALL)
    writeFileSync(join(folder, 'go'), '')
    holder.child.kill('SIGCONT')
    expect(await holder.applied).toBe('')
    expect(callsIn(folder).filter((call) => call.startsWith(`${holder.pid} `))).toEqual([`${holder.pid} app:1`])
    expect(dataIn(folder)).toEqual(ONCE)
  },
  60_000,
)

it('C13 a holder whose event loop an author blocks loses its lease, and starts nothing more', async () => {
  const folder = newFolder()
  const holder = start(folder, TTL, 'block')
  await holder.said('inside')
  const other = start(folder, TTL)
  expect(await other.applied).toBe(ALL)
  writeFileSync(join(folder, 'go'), '')
  expect(await holder.applied).toBe('')
  expect(callsIn(folder).filter((call) => call.startsWith(`${holder.pid} `))).toEqual([`${holder.pid} app:1`])
  expect(dataIn(folder)).toEqual(ONCE)
}, 60_000)
