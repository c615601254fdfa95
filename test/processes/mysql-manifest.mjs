import { createHash } from 'node:crypto'

const EFFECTS = { plain: 'create table effects (id text)', again: 'create table if not exists effects (id text)' }
const BEHIND = "insert into effects values ('behind')"

/** Definitions that cannot run twice, with data between. */
const plain = {
  sql: [
    'create table one (id int)',
    "insert into effects values ('once')",
    'alter table one add column a int',
    'alter table one add column b int',
    BEHIND,
  ].join(';\n'),
}
/** With one that takes its time, so that all the others come meanwhile. */
const crowd = { sql: `create table slow select sleep(0.5) as n;\n${plain.sql}` }
const again = {
  sql: [
    'create table if not exists one (id int)',
    "insert into effects values ('once')",
    'alter table one add column if not exists a int',
    'alter table one add column if not exists b int',
    BEHIND,
  ].join(';\n'),
  traits: { idempotent: true },
}
const step = (name, statement, exists) => ({
  name,
  up: async ({ db }) => void (await db.script(statement)),
  probe: async ({ db }) => (await db.rows(Object.assign([exists], { raw: [exists] }))).length > 0,
})
const column = (name) =>
  `select 1 from information_schema.columns where table_schema = database() and table_name = 'one' and column_name = '${name}'`
const steps = {
  steps: [
    step('table', 'create table one (id int)', column('id')),
    { name: 'once', up: async ({ db }) => void (await db.run`insert into effects values ('once')`) },
    step('a', 'alter table one add column a int', column('a')),
    step('b', 'alter table one add column b int', column('b')),
    { name: 'behind', up: async ({ db }) => void (await db.script(BEHIND)) },
  ],
  traits: { steps: ['table', 'once', 'a', 'b', 'behind'].map((name) => ({ name })) },
  has: ['steps'],
}
/** One statement that takes its time, and whose probe sees only what it has done. */
const slow = {
  up: async ({ db }) => void (await db.run`alter table big add column filled int default 7, algorithm = copy`),
  probe: async ({ db }) =>
    (await db.rows`select 1 from information_schema.columns where table_schema = database() and column_name = 'filled'`)
      .length > 0,
  has: ['up', 'probe'],
}

const WAYS = { plain, crowd, again, steps, slow }

/** @param traits the runtime's strategy for steps and probes */
export function manifest(way, traits) {
  const given = [
    way === 'plain' || way === 'crowd' ? { sql: EFFECTS.plain } : { sql: EFFECTS.again, traits: { idempotent: true } },
    WAYS[way],
  ]
  const migrations = given.map(({ sql, traits: own, has = ['up'], ...code }, index) => {
    const id = `app:${index}`
    return {
      id,
      uses: { db: 'sql' },
      version: '1.0.0',
      hash: `h0:${createHash('sha256').update(`${id} ${way}`).digest('hex')}`,
      accepted: [],
      format: sql === undefined ? 'module' : 'sql',
      variants: [],
      formerly: [],
      replaces: [],
      labels: [],
      has,
      ...(own ? { traits: own } : {}),
      parents: [],
      after: index === 0 ? [] : [index - 1],
      load: async () => (sql === undefined ? { default: code } : { default: { up: sql } }),
    }
  })
  const hashes = migrations.map(({ hash }) => hash).join()
  return { v: 1, digest: createHash('sha256').update(hashes).digest('hex'), retired: [], migrations, traits }
}
