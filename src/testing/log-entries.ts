import { setTimeout as delay } from 'node:timers/promises'
import type { Adapter } from '../runtime/adapter.ts'
import type { Entry } from '../runtime/entry.ts'
import { uniqueId } from '../runtime/unique-id.ts'

const TARGET = uniqueId()

export function entryAt(serial: number, more: Partial<Entry> = {}): Entry {
  return {
    serial,
    kind: serial === 0 ? 'genesis' : 'checked',
    id: null,
    target: TARGET,
    generation: 0,
    hash: null,
    attempt: uniqueId(),
    done: true,
    satisfied: [],
    open: 0,
    targets: [],
    data: serial === 0 ? { lineage: uniqueId(), env: null } : null,
    at: new Date(0).toISOString(),
    ...more,
  }
}

/** The entry that a unit of work on `effect` begins with, behind all that the log holds. */
export async function unitEntry(adapter: Adapter, effect: string): Promise<Entry> {
  const { last } = (await adapter.log.head()) ?? { last: { serial: -1, target: TARGET } }
  const up = { kind: 'up', id: effect, generation: 1, hash: 'h1:0', data: { ms: 0, redo: [] } } as const
  return entryAt(last.serial + 1, { ...up, target: last.target })
}

export async function entriesOf(adapter: Adapter, after = -1): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of adapter.log.read(after)) entries.push(entry)
  return entries
}

/** As the runtime does it: busy is no answer. A storage that is always busy is ended by whoever waits for this. */
export async function patiently<T>(adapter: Adapter, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (adapter.classify(error) !== 'retry') throw error
      await delay(5)
    }
  }
}

export async function appendPatiently(adapter: Adapter, entry: Entry): Promise<'appended' | 'taken'> {
  return patiently(adapter, () => adapter.log.append([entry]))
}
