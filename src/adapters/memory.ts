import { type Adapter, type Session, defineAdapter } from '../runtime/adapter.ts'
import { deferredWrites } from '../runtime/deferred/writes.ts'
import type { Entry } from '../runtime/entry.ts'
import type { Json } from '../runtime/handles.ts'
import { wholeBefore } from './key-value/before.ts'
import { DeferredKeys, type KeyChange, withChanges } from './key-value/changes.ts'

interface Books {
  readonly log: Entry[]
  readonly staged: Map<string, { readonly entry: Entry; readonly changes: readonly KeyChange[] }>
  isLocked: boolean
  lease: string | null
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
    const own: Books = books.get(data) ?? { log: [], staged: new Map(), isLocked: false, lease: null }
    books.set(data, own)
    return {
      name: 'memory',
      kinds: ['kv'],
      capabilities: { atomic: 'key', deferred: true },
      strategy: deferredWrites,
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
      lease: {
        get: async () => own.lease,
        async swap(expected, next) {
          if (own.lease !== expected) return false
          own.lease = next
          return true
        },
      },
      open: async () => openSession(data, own),
      classify: () => 'fatal',
    }
  },
)

export default memory

function openSession(data: Map<string, Json>, own: Books): Session<'kv'> {
  let isMine = false
  const unlock = async (): Promise<void> => {
    if (isMine) own.isLocked = isMine = false
  }
  const discard = async (attempt: string): Promise<void> => void own.staged.delete(attempt)
  return {
    async stage(entry) {
      const handle = new DeferredKeys(wholeBefore(async () => new Map(data)))
      return {
        handle: () => handle,
        async prepare() {
          const changes = await handle.changes()
          if (changes.length === 0) return null
          // Once it is committed, people would have to settle what somebody else has changed.
          withChanges(data, changes)
          own.staged.set(entry.attempt, { entry, changes })
          return entry.attempt
        },
        discard: () => discard(entry.attempt),
      }
    },
    async tryLock() {
      if (own.isLocked) return false
      own.isLocked = isMine = true
      return true
    },
    unlock,
    async settle(redo) {
      const next = withChanges(data, own.staged.get(String(redo))?.changes ?? [])
      data.clear()
      for (const [key, value] of next) data.set(key, value)
    },
    staged: async () => [...own.staged.values()].map(({ entry }) => entry),
    discard,
    close: unlock,
  }
}
