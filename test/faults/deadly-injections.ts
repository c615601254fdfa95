import { readSync, writeSync } from 'node:fs'
import type { Call, Inject } from './gate.ts'
import type { Fault } from './plan.ts'

const STANDARD_INPUT = 0
const STANDARD_OUTPUT = 1

/** The line that tells the test which operation met the fault, before the process may be gone. */
export const FIRED = 'fired: '

/** Faults of the process that meets them. */
export function deadlyInjection(fault: Fault): Inject {
  const strike = strikeOf(fault)
  return ({ role, name }, call) => {
    writeSync(STANDARD_OUTPUT, `${FIRED}${role}.${name}\n`)
    return strike(call)
  }
}

function strikeOf(fault: Fault): (call: Call) => Promise<unknown> {
  switch (fault) {
    case 'killBefore':
      return () => death('SIGKILL')
    case 'killDuring':
      return (call) => {
        // Drivers hand their request to the system in this turn of the event loop, or in its next ticks.
        call().catch(() => {})
        return new Promise((_, reject) => setImmediate(() => death('SIGKILL').catch(reject)))
      }
    case 'killAfter':
      return async (call) => {
        await call()
        return death('SIGKILL')
      }
    case 'exit':
      return () => process.exit(0)
    case 'terminate':
      return async (call) => {
        process.kill(process.pid, 'SIGTERM')
        await new Promise((resolve) => setTimeout(resolve, 5))
        return call()
      }
    case 'hang':
      return () => forever()
    case 'stop':
      return (call) => {
        // The test stops it here. Were it to stop itself, a SIGCONT could come before and be lost.
        readSync(STANDARD_INPUT, Buffer.alloc(1))
        return call()
      }
    default:
      throw new RangeError(`${fault} is no fault of a process`)
  }
}

function death(signal: NodeJS.Signals): Promise<never> {
  process.kill(process.pid, signal)
  return forever()
}

/** Keeps the process alive. */
function forever(): Promise<never> {
  return new Promise(() => void setInterval(() => {}, 1000))
}
