export const uses = { events: 'kv' }

/** @param {import('unplugin-migrations/runtime').MigrationContext<{ events: 'kv' }>} context */
export async function up({ events }) {
  await events.set('settings', { retentionDays: 90 })
}
