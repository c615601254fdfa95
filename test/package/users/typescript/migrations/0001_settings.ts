import { defineMigration } from 'unplugin-migrations/runtime'

export default defineMigration({
  uses: { settings: 'kv', notes: 'files' },
  async up({ settings, notes, log, id }) {
    const currency: string = 'EUR'
    await settings.set('currency', currency)
    for await (const path of notes.list('drafts/')) await notes.remove(path)
    log(id.toUpperCase())
  },
  down: false,
})
