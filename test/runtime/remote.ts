import { type AdapterWithoutLog, defineAdapter } from '../../src/runtime/adapter.ts'
import type { Json, KeyValue } from '../../src/runtime/handles.ts'
import { withoutLog } from '../../src/runtime/without-log/strategy.ts'

/** An API that sets keys, and neither compares nor remembers anything: what anybody can write an adapter for. */
export const remote: (data: Map<string, Json>) => AdapterWithoutLog<'kv'> = defineAdapter((data: Map<string, Json>) => {
  const keys: KeyValue = {
    get: async (key) => data.get(key),
    async *keys() {
      yield* data.keys()
    },
    set: async (key, value) => void data.set(key, value),
    delete: async (key) => void data.delete(key),
  }
  return {
    name: 'remote',
    kinds: ['kv'],
    capabilities: { atomic: 'none' },
    strategy: withoutLog,
    log: null,
    state: null,
    client: {},
    open: async () => ({ handle: () => keys, close: async () => {} }),
    classify: () => 'fatal',
  }
})
