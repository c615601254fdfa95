import { memory } from 'unplugin-migrations/adapters/memory'

export const isLocal = true

const storages = new Map()

export async function open(key) {
  const data = storages.get(key) ?? new Map()
  storages.set(key, data)
  return { adapter: memory(data), isUntouched: async () => data.size === 0, close: async () => {} }
}

export async function drop(key) {
  storages.delete(key)
}
