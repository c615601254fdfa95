// One process that migrates a file of keys while its state is in another one. Prints where it is, a line each.
// node lease-once.mjs <folder> <ttl of the lease in ms, 0 for none> <what its first migration does: nothing | wait | block>
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { leased } from '../../dist/runtime/lease/run.js'
import { runSideBySide } from '../../dist/runtime/several/side-by-side.js'
import { several } from '../../dist/runtime/several/storages.js'
import { strategy } from '../../dist/runtime/strategies.js'
import { migrate } from '../../dist/runtime.js'
import { chain } from './chain.mjs'

const [folder, ttl, first] = process.argv.slice(2)
// No clock of this machine can be what anybody goes by: each process believes to live at another time.
const shift = process.pid * 3_600_000
const realNow = Date.now
Date.now = () => realNow() - shift

async function inFirst() {
  if (first === 'wait') while (!existsSync(join(folder, 'go'))) await delay(20)
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  if (first === 'block') while (!existsSync(join(folder, 'go'))) Atomics.wait(nothing, 0, 0, 20)
}

const migrations = chain(
  [1, 2, 3, 4].map((n) => ({
    uses: { data: 'kv' },
    members: {
      async up({ data }) {
        appendFileSync(join(folder, 'calls'), `${process.pid} app:${n}\n`)
        if (n === 1) console.log('inside')
        await (n === 1 ? inFirst() : delay(60))
        await data.set(`app:${n}`, ((await data.get(`app:${n}`)) ?? 0) + 1)
      },
    },
  })),
)

const times = { usual: Number(ttl), withoutLog: Number(ttl) }
const leasing = ttl === '0' ? { runAll: runSideBySide } : leased(runSideBySide, times)
const state = { ...jsonFile(join(folder, 'state.json')), strategy: strategy({ several: { ...several, ...leasing } }) }
const { applied } = await migrate(
  { v: 1, digest: 'd', retired: [], migrations },
  {
    adapters: { data: jsonFile(join(folder, 'data.json')) },
    state,
    wait: 60_000,
    onEvent: ({ type, reason }) => type === 'waiting' && console.log(`waiting ${reason}`),
  },
)
console.log(`applied ${applied.map(({ id }) => id).join()}`)
