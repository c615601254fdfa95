// node take-lock.mjs <folder> <rounds> [<round to die in>]: counts in a file, under the lock, as slowly as it can.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DiskLock } from '../../dist/adapters/disk/lock.js'

const [folder, rounds, last] = process.argv.slice(2)
const lock = new DiskLock(join(folder, 'lock'))
const counter = join(folder, 'counter')
for (let round = 0; round < Number(rounds); round++) {
  while (!(await lock.tryLock())) await delay(Math.random() * 10)
  if (round === Number(last)) process.kill(process.pid, 'SIGKILL')
  const count = Number(readFileSync(counter, 'utf8'))
  await delay(Math.random() * 3)
  writeFileSync(counter, String(count + 1))
  appendFileSync(join(folder, 'rounds'), '.')
  await lock.unlock()
}
