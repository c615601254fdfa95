export const uses = { events: 'kv', db: 'sql' }

/**
 * Moves all from the key-value storage into SQL: rows are written and keys deleted together or not at all. After it the
 * storage `events` holds nothing of this package.
 * @param {import('unplugin-migrations/runtime').MigrationContext<{ events: 'kv', db: 'sql' }>} context
 */
export async function up({ events, db, log }) {
  await db.script(`
    create table activity_settings (retention_days integer not null);
    create table visits (at text not null, visitor text not null, picture integer not null);
  `)
  const settings = /** @type {{ readonly retentionDays: number }} */ (await events.get('settings'))
  await db.run`insert into activity_settings (retention_days) values (${settings.retentionDays})`
  await events.delete('settings')

  let visits = 0
  for await (const key of events.keys('day/')) {
    const visitor = key.slice('day/2024-05-01/'.length)
    const seen = /** @type {readonly { readonly at: string, readonly picture: number }[]} */ (await events.get(key))
    for (const { at, picture } of seen) {
      await db.run`insert into visits (at, visitor, picture) values (${at}, ${visitor}, ${picture})`
    }
    await events.delete(key)
    visits += seen.length
  }
  log(`${visits} visits are rows now`)
}
