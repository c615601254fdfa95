import { memory } from '../../../src/adapters/memory.ts'
import type { Json } from '../../../src/runtime/handles.ts'
import { type Place, type StorageCase, freshName } from './storage-case.ts'

const storages = new Map<string, Map<string, Json>>()
const dataAt = ({ name = '' }: Place): Map<string, Json> => storages.get(name) ?? new Map<string, Json>()

export const memoryCase: StorageCase = {
  adapter: 'memory',
  kind: 'kv',
  unit: 'entry',
  reach: 'connections',
  always: [],
  errors: { lost: () => new Error('lost'), busy: null, error: () => new RangeError('out of memory') },
  async create() {
    const name = freshName()
    storages.set(name, new Map())
    return { name }
  },
  async connect(place) {
    // Runs of one process queue up for their data. Here they are not to wait for each other.
    return { adapter: { ...memory(dataAt(place)), client: {} }, end: async () => {} }
  },
  effects: async (place) => (dataAt(place).get('effects') ?? []) as readonly string[],
  async leftovers(place) {
    const session = await memory(dataAt(place)).open()
    const isFree = await session.tryLock?.()
    await session.close()
    return [
      ...((await session.staged?.()) ?? []).map(({ attempt }) => `staged ${attempt}`),
      ...(isFree ? [] : ['the lock']),
    ]
  },
  remove: async ({ name = '' }) => void storages.delete(name),
}
