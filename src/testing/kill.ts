import { writeSync } from 'node:fs'
import type { Kill } from './command.ts'

/** What touches no storage, and objects of the driver or the runtime. */
const FREE: ReadonlySet<PropertyKey> = new Set([
  'classify',
  'client',
  'strategy',
  'raw',
  'dialect',
  'kinds',
  'capabilities',
])

/** The adapter, of which one call ends the process: also of its sessions, transactions, stagings and handles. */
export function deadlyAt<A extends object>(adapter: A, { when, at }: Kill): A {
  let calls = 0
  function watch<T>(value: T, path: string): T {
    if (typeof value !== 'object' || value === null || !hasFunctions(value)) return value
    return new Proxy(value, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property)
        if (FREE.has(property) || typeof property === 'symbol') return member
        const name = `${path}${property}`
        if (typeof member !== 'function') return watch(member, `${name}.`)
        return (...parameters: readonly unknown[]): unknown => called(name, () => member.apply(target, parameters))
      },
    })
  }
  function called(name: string, call: () => unknown): unknown {
    calls += 1
    const isDeadly = calls === at
    const done = (): void => {
      if (isDeadly && when === 'after') die(`after ${name}`)
    }
    if (isDeadly && when === 'before') die(`before ${name}`)
    const answer = call()
    if (isIterable(answer)) return passing(answer, done)
    if (!(answer instanceof Promise)) {
      done()
      return watch(answer, `${name}.`)
    }
    return answer.then((value: unknown) => {
      done()
      return watch(value, `${name}.`)
    })
  }
  return watch(adapter, '')
}

function die(name: string): never {
  writeSync(2, `killed ${name}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

/** Sessions, transactions, stagings and handles have some; entries and rows have none. */
function hasFunctions(value: object): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return false
  for (let one: object | null = value; one && one !== Object.prototype; one = Reflect.getPrototypeOf(one)) {
    for (const [name, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(one))) {
      if (name === 'constructor') continue
      if (typeof member === 'function' || (name === 'log' && typeof member === 'object')) return true
    }
  }
  return false
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* passing(items: AsyncIterable<unknown>, done: () => void): AsyncIterable<unknown> {
  yield* items
  done()
}
