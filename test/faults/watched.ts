import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Gate } from './gate.ts'

/** Functions that touch no storage, and objects that are the driver's or the runtime's own. */
const FREE: ReadonlySet<PropertyKey> = new Set(['accepts', 'classify', 'client', 'strategy', 'raw', 'dialect', 'kinds'])
/** Functions that answer an object at once. */
const MAKERS: ReadonlySet<PropertyKey> = new Set(['handle', 'direct'])
/** Functions that answer an iterable, by their paths. */
const ITERABLES = /(^|\.)((log|direct)\.read|files\.list|kv\.keys)$/

/** The adapter, with every call that reaches its storage passing the gate: also those of methods that are not known here. */
export function watched<A extends Adapter>(adapter: A, role: string, gate: Gate): A {
  return watchedObject(adapter, role, '', gate)
}

function watchedObject<T extends object>(object: T, role: string, path: string, gate: Gate): T {
  return new Proxy<T>(object, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (FREE.has(property) || typeof property === 'symbol') return value
      const name = path === '' ? property : `${path}.${property}`
      if (typeof value === 'object' && value !== null) return watchedObject(value, role, name, gate)
      if (typeof value !== 'function') return value
      return (...parameters: readonly unknown[]): unknown => {
        const call = (): unknown => value.apply(target, parameters)
        const made = String(parameters[0] ?? property)
        if (MAKERS.has(property)) return watchedObject(Object(call()), role, made, gate)
        const operation = { role, name }
        if (ITERABLES.test(name)) return passing(gate, operation, call as () => AsyncIterable<unknown>)
        return gate.pass(operation, async () => watchedAnswer(await call(), role, nameOfAnswer(property), gate))
      }
    },
  })
}

function nameOfAnswer(property: PropertyKey): string {
  if (property === 'open') return 'session'
  return property === 'begin' ? 'transaction' : 'staging'
}

/** Sessions, transactions and stagings have functions; entries and rows have none. */
function watchedAnswer(answer: unknown, role: string, path: string, gate: Gate): unknown {
  const hasFunctions =
    typeof answer === 'object' && answer !== null && Object.values(answer).some((value) => typeof value === 'function')
  return hasFunctions ? watchedObject(answer, role, path, gate) : answer
}

async function* passing(
  gate: Gate,
  operation: Parameters<Gate['pass']>[0],
  call: () => AsyncIterable<unknown>,
): AsyncIterable<unknown> {
  const all: unknown[] = []
  await gate.pass(operation, async () => {
    for await (const item of call()) all.push(item)
  })
  yield* all
}
