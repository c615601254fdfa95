// The application as a process: node child.mjs <placement> <fault> <at>. Ends its run in order on SIGTERM, and prints
// how the run ended as its last line.
import { deadlyInjection } from './deadly-injections.ts'
import { Gate } from './gate.ts'
import type { Fault } from './plan.ts'
import { runOnce } from './run.ts'
import { readPlacement } from './scenario.ts'

const [placement = '[]', fault, at] = process.argv.slice(2)
const controller = new AbortController()
process.on('SIGTERM', () => {
  controller.abort(new Error('SIGTERM'))
  process.exitCode = 143
})
const plan = { do: fault as Fault, at: Number(at) }
const gate = new Gate(plan, deadlyInjection(plan.do))
const storages = readPlacement(placement)
const outcome = await runOnce(storages, { gate, signal: controller.signal })
console.log(JSON.stringify(outcome))
for (const { storage } of storages) await storage.disconnect?.()
