import { defineMigration } from 'unplugin-migrations/runtime'

export default defineMigration({
  uses: { settings: 'kv', notes: 'files' },
  async up({ settings, notes }) {
    await settings.set('currency', 'EUR')
    await notes.write('welcome.txt', new TextEncoder().encode('Welcome\n'))
  },
})
