import { createHash } from 'node:crypto'

/**
 * Migrations whose effects can be counted: an effect that is made twice shows, because nothing here is unique or
 * idempotent.
 */
export function manifest() {
  const given = [
    { id: 'app:0001_effects', uses: { db: 'sql' }, up: ({ db }) => db.run`create table effects (id text)` },
    {
      id: 'app:0002_rows_and_files',
      uses: { db: 'sql', files: 'files' },
      up: async ({ db, files }) => {
        await db.run`insert into effects values ('app:0002_rows_and_files')`
        for (let n = 0; n < 3; n++) await files.write(`pictures/${n}.txt`, new TextEncoder().encode(`picture ${n}`))
      },
    },
    {
      id: 'app:0003_files',
      uses: { files: 'files' },
      up: async ({ files }) => {
        for (let n = 0; n < 3; n++) await files.move(`pictures/${n}.txt`, `moved/${n}/picture.txt`)
      },
    },
    {
      id: 'app:0004_events',
      uses: { events: 'kv' },
      up: async ({ events }) => events.set('visits', Number((await events.get('visits')) ?? 0) + 1),
    },
    {
      id: 'app:0005_all',
      uses: { db: 'sql', files: 'files', events: 'kv' },
      up: async ({ db, files, events }) => {
        await db.run`insert into effects values ('app:0005_all')`
        await events.set('visits', Number(await events.get('visits')) + 10)
        await files.remove('moved/0/picture.txt')
      },
    },
    { id: 'app:0006_rows', uses: { db: 'sql' }, up: ({ db }) => db.run`insert into effects values ('app:0006_rows')` },
  ]
  const migrations = given.map(({ id, uses, up }, index) => ({
    id,
    uses,
    version: '1.0.0',
    hash: `h0:${createHash('sha256').update(id).digest('hex')}`,
    accepted: [],
    format: 'module',
    variants: [],
    formerly: [],
    replaces: [],
    labels: [],
    has: ['up'],
    parents: [],
    after: index === 0 ? [] : [index - 1],
    load: async () => ({ up }),
  }))
  return {
    v: 1,
    digest: createHash('sha256')
      .update(migrations.map(({ hash }) => hash).join())
      .digest('hex'),
    retired: [],
    migrations,
  }
}
