// Adapters that are wrong, each in one way, over better-sqlite3, files, mysql2, and a storage without a log. MUTANT says
// which.
import * as sqlite from './better-sqlite3.fixture.mjs'
import * as tree from './files.fixture.mjs'
import * as mysql from './mysql2.fixture.mjs'
import * as remote from './remote.fixture.mjs'

const MUTANTS = {
  /** Whoever comes later overwrites. */
  overwriting: (opened) => {
    const { adapter } = opened
    const append = async (entries) => {
      if ((await adapter.log.append(entries)) === 'appended') return 'appended'
      adapter.client.exec(`delete from unplugin_migrations where serial >= ${entries[0].serial}`)
      return adapter.log.append(entries)
    }
    const read = adapter.log.read
    return { ...opened, adapter: { ...adapter, log: { head: adapter.log.head, read, append } } }
  },

  /** Effects commit by themselves, the entry follows. */
  markerLast: (opened) => {
    const { adapter } = opened
    const open = async () => {
      const session = await adapter.open()
      const begin = async (entry) => {
        const transaction = await session.begin(entry)
        if (transaction === 'taken') return transaction
        adapter.client.exec(`delete from unplugin_migrations where serial = ${entry.serial}; commit`)
        return {
          ...transaction,
          handle: () => handleOf(adapter.client),
          commit: async (final) => {
            const answer = await adapter.log.append([{ ...entry, ...final, done: true }])
            if (answer === 'taken') return answer
          },
          rollback: async () => {},
        }
      }
      return { ...session, begin }
    }
    return { ...opened, adapter: { ...adapter, open } }
  },

  /** A unit without an entry is no transaction. */
  unrecordedAlone: (opened) =>
    withSession(opened, ({ begin }) => ({
      begin: async (entry) =>
        entry
          ? begin(entry)
          : { handle: () => handleOf(opened.adapter.client), commit: async () => {}, rollback: async () => {} },
    })),

  /** What was done stays done. */
  rolledOn: (opened) =>
    withSession(opened, (session) => ({
      direct: () => ({ ...session.direct(), rollback: async () => {} }),
    })),

  /** Whatever there is is swapped. */
  uncompared: (opened) => {
    const { adapter } = opened
    const { lease } = adapter
    const swap = async (_, next) => lease.swap(await lease.get(), next)
    return { ...opened, adapter: { ...adapter, lease: { get: lease.get, swap } } }
  },

  /** The lock is everybody's. */
  grantedTwice: (opened) => withSession(opened, () => ({ tryLock: async () => true })),

  /** The lock is never given back. */
  notReleased: (opened) => withSession(opened, () => ({ unlock: async () => {} })),

  /** The lease is everybody's. */
  leasedToAll: (opened) => {
    const lease = { get: async () => null, swap: async () => true }
    return { ...opened, state: { ...opened.state, lease } }
  },

  /** Says that it is done, and does it a little later. */
  late: (opened) =>
    withSession(opened, (session) => ({
      handle: (kind) => {
        const handle = session.handle(kind)
        return {
          ...handle,
          set: async (key, value) => void setTimeout(() => handle.set(key, value).catch(() => {}), 1_000),
        }
      },
    })),
}

function withSession(opened, change) {
  const { adapter } = opened
  const open = async () => {
    const session = await adapter.open()
    return { ...session, ...change(session) }
  }
  return { ...opened, adapter: { ...adapter, open } }
}

function handleOf(database) {
  const rows = async (texts, ...values) => database.prepare(texts.join('?')).all(...values)
  return {
    dialect: 'sqlite',
    rows,
    run: async (texts, ...values) => void database.prepare(texts.join('?')).run(...values),
    script: async (text) => void database.exec(text),
    raw: database,
  }
}

const mutant = process.env.MUTANT
const BASES = { grantedTwice: tree, notReleased: tree, rolledOn: mysql, leasedToAll: remote, late: remote }
const base = BASES[mutant] ?? sqlite

export const open = async (key) => MUTANTS[mutant](await base.open(key))
export const drop = base.drop
