import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import { memory } from 'unplugin-migrations/adapters/memory'
import { defineConfig } from 'unplugin-migrations/config'
import { defineMigration, migrate, type Migration } from 'unplugin-migrations/runtime'
import migrations from 'unplugin-migrations/vite'
import manifest from 'virtual:migrations'

// @ts-expect-error what is not in `exports` is not for users
export type { Project } from 'unplugin-migrations/dist/plugin/project.js'
// @ts-expect-error adapters alone are, and not what they share
export type { diskLog } from 'unplugin-migrations/adapters/disk/log'

// @ts-expect-error a kind that does not exist
defineMigration({ uses: { db: 'sequel' }, async up() {} })

defineMigration({
  uses: { settings: 'kv' },
  async up(context) {
    // @ts-expect-error a role that is not in `uses`
    await context.notes.read('welcome.txt')
    // @ts-expect-error a value that is not JSON
    await context.settings.set('since', new Date())
  },
  // @ts-expect-error a revert is a function, or false
  down: true,
})

// @ts-expect-error there is no `up`
defineMigration({ uses: {} })

export const wrongHandle = {
  uses: { notes: 'files' },
  async up({ notes }) {
    // @ts-expect-error this role is for files
    await notes.set('welcome', 'Welcome')
  },
} satisfies Migration<{ notes: 'files' }>

export const wrongRole = {
  // @ts-expect-error another role than the type says
  uses: { notes: 'files' },
  async up() {},
} satisfies Migration<{ settings: 'kv' }>

const adapters = { settings: jsonFile('settings.json'), session: memory() }
// @ts-expect-error no adapter has this name
defineConfig(() => ({ adapters, state: 'setings' }))
// @ts-expect-error no adapter has this name
defineConfig(() => ({ adapters, state: 'settings', bind: { shop: { notes: 'files' } } }))
// @ts-expect-error a path is a text
jsonFile(new URL('file:///settings.json'))

// @ts-expect-error without a manifest
await migrate({ adapters, state: 'settings' })
// @ts-expect-error without a place for the state
await migrate(manifest, { adapters })

// @ts-expect-error an option that does not exist
migrations({ egar: true })
