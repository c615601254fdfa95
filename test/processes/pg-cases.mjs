/** Slow only for a session that says so. */
const SLOW = `select pg_sleep(case when current_setting('app.slow', true) = 'on' then 20 else 0 end)`

/** What the processes of test/adapters/pg-faults run. */
const CASES = {
  slow: [
    { up: 'create table effects (number integer)' },
    { up: `${SLOW}; insert into effects values (1)` },
    { up: 'insert into effects values (2)' },
  ],
  freeze: [
    {
      async up({ db }) {
        await db.script("set local idle_in_transaction_session_timeout = '300ms'")
        await db.script('create table effects (number integer); insert into effects values (1)')
        if (process.env.FREEZE) process.kill(process.pid, 'SIGSTOP')
      },
    },
  ],
}

/**
 * @param {string} name
 * @returns {import('../../src/graph/manifest.ts').Manifest}
 */
export function manifestFor(name) {
  const migrations = CASES[name].map((migration, index) => ({
    id: `app:${index}`,
    version: '1.0.0',
    hash: `h0:${index}`,
    accepted: [],
    format: typeof migration.up === 'string' ? 'sql' : 'module',
    variants: [],
    uses: { db: 'sql' },
    parents: [],
    after: index === 0 ? [] : [index - 1],
    formerly: [],
    replaces: [],
    labels: [],
    has: ['up'],
    load: async () => ({ default: migration }),
  }))
  return { v: 1, digest: name, retired: [], migrations }
}
