import { expectTypeOf, it } from 'vitest'
import type Database from 'better-sqlite3'
import { type BetterSqlite3Database, betterSqlite3 } from '../src/adapters/better-sqlite3.ts'
import { memory } from '../src/adapters/memory.ts'
import { defineConfig } from '../src/config.ts'
import {
  type Files,
  type Json,
  type KeyValue,
  type Migration,
  type Sql,
  type Step,
  defineMigration,
  migrate,
} from '../src/runtime.ts'
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

it('a migration has `up` or `steps`, and steps have the handles of their migration', () => {
  defineMigration({
    uses: { db: 'sql', files: 'files' },
    deferrable: true,
    when: async ({ db }) => (await db.rows`select 1`).length > 0,
    steps: [
      {
        name: 'copy',
        uses: ['db'],
        idempotent: true,
        async up(context) {
          expectTypeOf(context.db).toEqualTypeOf<Sql>()
          // @ts-expect-error a role that this step does not name
          void context.files
          expectTypeOf(context.attempt).toEqualTypeOf<string>()
          expectTypeOf(context.checkpoint).toEqualTypeOf<Json | undefined>()
          return { after: 7 }
        },
        // @ts-expect-error a role that this step does not name
        probe: async ({ db, files }) => Boolean(files) && (await db.rows`select 1`).length > 0,
      },
      {
        name: 'drop',
        transaction: false,
        async up() {},
        async down({ db, files }) {
          expectTypeOf(db).toEqualTypeOf<Sql>()
          expectTypeOf(files).toEqualTypeOf<Files>()
        },
      },
      {
        name: 'both',
        uses: ['files', 'db'],
        async up({ db, files }) {
          expectTypeOf(db).toEqualTypeOf<Sql>()
          expectTypeOf(files).toEqualTypeOf<Files>()
        },
      },
    ],
  })
  const step: Step<{ db: 'sql' }> = { name: 'a', async up() {} }
  const uses = { db: 'sql' } as const
  defineMigration({ uses, repeatable: 'onChange', transaction: false, probe: async () => false, async up() {} })
  // @ts-expect-error neither
  defineMigration({ uses })
  // @ts-expect-error both
  defineMigration({ uses, steps: [step], async up() {} })
  // @ts-expect-error what each step says for itself
  defineMigration({ uses, steps: [step], transaction: false })
  // @ts-expect-error a step without a name
  defineMigration({ uses, steps: [{ async up() {} }] })
  // @ts-expect-error a role that is not in `uses`
  defineMigration({ uses, steps: [{ name: 'a', uses: ['files'], async up() {} }] })
  // @ts-expect-error only `false` says something
  defineMigration({ uses, transaction: true, async up() {} })
  // @ts-expect-error neither of both
  defineMigration({ uses, repeatable: 'daily', async up() {} })
  expectTypeOf({ uses, steps: [{ name: 'a', async up() {} }] } as const).toExtend<Migration<{ db: 'sql' }>>()
})

it('a step of its own says by its second parameter which roles it gets', () => {
  const copy: Step<{ db: 'sql'; files: 'files' }, ['files']> = {
    name: 'copy',
    uses: ['files'],
    async up(context) {
      expectTypeOf(context.files).toEqualTypeOf<Files>()
      // @ts-expect-error a role that it does not name
      void context.db
    },
  }
  defineMigration({ uses: { db: 'sql', files: 'files' }, steps: [copy] })
  expectTypeOf<Step<{ db: 'sql' }>>().toExtend<{ up(context: { readonly db: Sql }): unknown }>()
  const migration = {
    uses: { db: 'sql', files: 'files' },
    steps: [{ name: 'a', uses: ['db'], up: async ({ db }) => void (await db.rows`select 1`) }],
  } satisfies Migration<{ db: 'sql'; files: 'files' }, [['db']]>
  expectTypeOf(migration).toExtend<Migration<{ db: 'sql'; files: 'files' }>>()
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
