import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import type { Entry } from '../runtime/entry.ts'
import { MigrationError } from '../runtime/errors.ts'
import type { Json, KeyValue } from '../runtime/handles.ts'
import { isSameJson } from './key-value/same-json.ts'

interface Change {
  readonly old: Json | undefined
  next: Json | undefined
}

interface Books {
  readonly log: Entry[]
  readonly staged: Map<string, { readonly entry: Entry; readonly changes: ReadonlyMap<string, Change> }>
  isLocked: boolean
}

/** Two adapters over one map are one storage. */
const books = new WeakMap<Map<string, Json>, Books>()

/**
 * A key-value storage in this process, for tests and for state that may end with the process.
 *
 * @param data what the storage holds. @default a new map
 */
export const memory: (data?: Map<string, Json>) => Adapter<'kv'> = defineAdapter(
  (data: Map<string, Json> = new Map()): Adapter<'kv'> => {
    const own: Books = books.get(data) ?? { log: [], staged: new Map(), isLocked: false }
    books.set(data, own)
    return {
      name: 'memory',
      kinds: ['kv'],
      capabilities: { atomic: 'key', deferred: true },
      state: { cas: 'single-node', durability: 'lazy' },
      client: data,
      log: {
        async head() {
          const [genesis] = own.log
          const last = own.log.at(-1)
          return genesis && last ? structuredClone({ genesis, last }) : null
        },
        async *read(after) {
          yield* structuredClone(own.log.slice(after + 1))
        },
        async append(entries) {
          const first = entries[0]?.serial ?? own.log.length
          if (first < own.log.length) return 'taken'
          if (first > own.log.length)
            throw new RangeError(`The log ends at ${own.log.length - 1}, entry ${first} would leave a gap.`)
          own.log.push(...structuredClone(entries))
          return 'appended'
        },
      },
      open: async () => sessionOn(data, own),
      classify: () => 'fatal',
    }
  },
)

export default memory

function sessionOn(data: Map<string, Json>, own: Books): Awaited<ReturnType<Adapter<'kv'>['open']>> {
  let isMine = false
  return {
    async stage(entry) {
      const changes = new Map<string, Change>()
      return {
        handle: () => deferredHandle(data, changes),
        async prepare() {
          if (changes.size === 0) return null
          own.staged.set(entry.attempt, { entry, changes })
          return { name: entry.attempt, items: changes.size }
        },
        async discard() {
          own.staged.delete(entry.attempt)
        },
      }
    },
    async tryLock() {
      if (own.isLocked) return false
      own.isLocked = isMine = true
      return true
    },
    async unlock() {
      if (isMine) own.isLocked = isMine = false
    },
    async settle(redo) {
      const name = typeof redo === 'object' && redo !== null && 'name' in redo ? String(redo['name']) : ''
      settle(data, own.staged.get(name)?.changes ?? new Map())
    },
    staged: async () => [...own.staged.values()].map(({ entry }) => entry),
    async discard(attempt) {
      own.staged.delete(attempt)
    },
    async close() {
      if (isMine) own.isLocked = isMine = false
    },
  }
}

/** Reads see the storage as it was; writes are kept with what they replace. */
function deferredHandle(data: Map<string, Json>, changes: Map<string, Change>): KeyValue {
  const put = (key: string, next: Json | undefined): void => {
    const known = changes.get(key)
    if (known) known.next = next
    else changes.set(key, { old: structuredClone(data.get(key)), next })
  }
  return {
    get: async (key) => structuredClone(data.get(key)),
    async *keys(prefix = '') {
      for (const key of [...data.keys()]) if (key.startsWith(prefix)) yield key
    },
    set: async (key, value) => put(key, structuredClone(value)),
    delete: async (key) => put(key, undefined),
  }
}

function settle(data: Map<string, Json>, changes: ReadonlyMap<string, Change>): void {
  for (const [key, { old, next }] of changes) {
    const now = data.get(key)
    if (isSameJson(now, old) || isSameJson(now, next)) continue
    throw new MigrationError('MIG_R0231', `Key ${JSON.stringify(key)} changed since the migration saw it.`, {
      next: 'put back its value and start again; nothing was overwritten',
    })
  }
  for (const [key, { next }] of changes) {
    if (next === undefined) data.delete(key)
    else data.set(key, structuredClone(next))
  }
}
