import type Database from 'better-sqlite3'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { effectsDatabase } from './effects.ts'

interface Storages {
  readonly database: Database.Database
  readonly other: Database.Database
  readonly data: ReadonlyMap<string, Json>
  readonly options: {
    readonly adapters: { readonly db: Adapter<'sql'>; readonly other: Adapter<'sql'>; readonly cache: Adapter<'kv'> }
    readonly state: Adapter<'kv'>
  }
  /** What `status` says. */
  appliedIn(manifest: Manifest): Promise<readonly string[]>
  /** How many there are in all logs. */
  entries(): Promise<number>
}

/** Two databases, a key-value storage that takes part, and the state in one of its own. */
export function storages(): Storages {
  const [database, other] = [effectsDatabase(), effectsDatabase()]
  const data = new Map<string, Json>()
  const state = memory()
  const adapters = { db: betterSqlite3(database), other: betterSqlite3(other), cache: memory(data) }
  const options = { adapters, state }
  return {
    database,
    other,
    data,
    options,
    async appliedIn(manifest) {
      const { migrations } = await createMigrator(manifest, options).status()
      return migrations.flatMap(({ id, state: is }) => (is === 'applied' ? id : []))
    },
    async entries() {
      let count = 0
      for (const { log } of [state, ...Object.values(adapters)]) for await (const _ of log.read(-1)) count++
      return count
    },
  }
}
