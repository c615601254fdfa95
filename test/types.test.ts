import { expectTypeOf, it } from 'vitest'
import type Database from 'better-sqlite3'
import { type BetterSqlite3Database, betterSqlite3 } from '../src/adapters/better-sqlite3.ts'
import { memory } from '../src/adapters/memory.ts'
import { defineConfig } from '../src/config.ts'
import { type Files, type KeyValue, type Migration, type Sql, defineMigration, migrate } from '../src/runtime.ts'
import { manifestOf } from './runtime/manifest.ts'

// Checked by `tsc -p test`; at run time these tests only show that nothing here is executed by accident.

it('handles are typed from `uses`', () => {
  defineMigration({
    uses: { db: 'sql', pictures: 'files', events: 'kv' },
    async up(context) {
      expectTypeOf(context.db).toEqualTypeOf<Sql>()
      expectTypeOf(context.pictures).toEqualTypeOf<Files>()
      expectTypeOf(context.events).toEqualTypeOf<KeyValue>()
      expectTypeOf(context.attempt).toEqualTypeOf<string>()
      // @ts-expect-error a role that is not in `uses`
      void context.files
    },
    down: false,
  })
  // @ts-expect-error a kind that does not exist
  defineMigration({ uses: { db: 'sequel' }, async up() {} })
  expectTypeOf({ uses: { db: 'sql' }, async up() {} } as const).toMatchTypeOf<Migration<{ db: 'sql' }>>()
})

it('names in a configuration are those of its adapters', () => {
  const adapters = { db: betterSqlite3({} as Database.Database), cache: memory() }
  const config = defineConfig(() => ({ adapters, state: 'db', bind: { '@acme/a': { files: 'cache' } } }))
  expectTypeOf<Parameters<typeof migrate>[0]>().toEqualTypeOf(manifestOf([]))
  expectTypeOf(migrate<'db' | 'cache'>).toBeCallableWith(manifestOf([]), config)
  // @ts-expect-error no adapter has this name
  defineConfig(() => ({ adapters, state: 'database' }))
  // @ts-expect-error no adapter has this name
  defineConfig(() => ({ adapters, state: 'db', bind: { '@acme/a': { files: 'files' } } }))
})

it('the driver fits as it is', () => {
  expectTypeOf<Database.Database>().toExtend<BetterSqlite3Database>()
})
