export const uses = { db: 'sql' }

// Installations that ran these three have all of it. A new one starts here, and needs no key-value storage.
export const replaces = ['@acme/activity:0001_init', '@acme/activity:0002_by_day', '@acme/activity:0003_to_sql']

/** @param {import('unplugin-migrations/runtime').MigrationContext<{ db: 'sql' }>} context */
export async function up({ db }) {
  await db.script(`
    create table activity_settings (retention_days integer not null);
    create table visits (at text not null, visitor text not null, picture integer not null);
    insert into activity_settings (retention_days) values (90);
  `)
}
