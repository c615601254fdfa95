import type { Migration } from 'unplugin-migrations/runtime'

export default {
  uses: { notes: 'files' },
  dependsOn: ['shop:0001_settings'],
  async up({ notes }) {
    const bytes: Uint8Array = new TextEncoder().encode('Welcome\n')
    await notes.write('welcome.txt', bytes)
  },
  async verify({ log }) {
    log('verified')
  },
} satisfies Migration<{ notes: 'files' }>
