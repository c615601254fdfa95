import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import type { Adapter } from 'unplugin-migrations/runtime'
import { eventsFile } from './storage.ts'

/** The key-value storage of the activity component, which its last migration empties. */
export function events(): Adapter<'kv'> {
  return jsonFile(eventsFile)
}
