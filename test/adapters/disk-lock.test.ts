import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DiskLock } from '../../src/adapters/disk/lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The lock file as a living process of this host would write it. */
function held(more: Readonly<Record<string, unknown>> = {}): void {
  const own = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
  const started = own.slice(own.lastIndexOf(')') + 2).split(' ')[19]
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  mkdirSync(join(folder, 'lock'), { recursive: true })
  const holder = { token: 'other', host: hostname(), boot, pid: process.pid, started, ...more }
  writeFileSync(join(folder, 'lock/0000000007.json'), JSON.stringify(holder))
}

const lock = (): DiskLock => new DiskLock(join(folder, 'lock'))

it('is held by one at a time, and free after', async () => {
  const [one, two] = [lock(), lock()]
  expect(await one.tryLock()).toBe(true)
  expect(await two.tryLock()).toBe(false)
  await one.unlock()
  expect(await two.tryLock()).toBe(true)
  await two.unlock()
  expect(readdirSync(join(folder, 'lock'))).toHaveLength(1)
})

it.runIf(process.platform === 'linux').each([
  ['a living process', {}, false],
  ['a process that is gone', { pid: 2 ** 22 + 1 }, true],
  ['a process whose number another has now', { started: '1' }, true],
  ['a process before the last boot', { boot: 'another' }, true],
])('D10 of %s', async (_, more, isFree) => {
  held(more)
  expect(await lock().tryLock()).toBe(isFree)
})

it('D10 of another host is never broken', async () => {
  held({ host: 'elsewhere', pid: 2 ** 22 + 1 })
  await expect(lock().tryLock()).rejects.toMatchObject({ code: 'MIG_R0235' })
})

it.each(['', '{', '{}', 'null', '[]'])('D10 that holds %j is not understood, and not broken', async (text) => {
  held()
  writeFileSync(join(folder, 'lock/0000000007.json'), text)
  await expect(lock().tryLock()).rejects.toMatchObject({ code: 'MIG_R0235' })
  expect(readFileSync(join(folder, 'lock/0000000007.json'), 'utf8')).toBe(text)
})

it('keeps processes apart, also when some are killed while they hold it (Umzug looked, then wrote)', async () => {
  writeFileSync(join(folder, 'counter'), '0')
  writeFileSync(join(folder, 'rounds'), '')
  const take = (last?: number): Promise<number | null> =>
    new Promise((resolve, reject) => {
      const script = [join(import.meta.dirname, 'take-lock.mjs'), folder, '25', String(last)]
      spawn(process.execPath, script, { stdio: 'inherit' }).on('error', reject).on('close', resolve)
    })
  const codes = await Promise.all([take(), take(), take(), take(3), take(7), take(11)])
  expect(codes).toEqual([0, 0, 0, null, null, null])
  const rounds = readFileSync(join(folder, 'rounds'), 'utf8').length
  expect(rounds).toBe(3 * 25 + 3 + 7 + 11)
  expect(readFileSync(join(folder, 'counter'), 'utf8')).toBe(String(rounds))
})
