import type BetterSqlite3 from 'better-sqlite3'
import type { Adapter, Session, Transaction } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import type { Mutate } from './run.ts'

/** The adapter with other sessions. */
function withSessions(adapter: Adapter, change: (session: Session) => Session): Adapter {
  return { ...adapter, log: adapter.log, open: async () => change(await adapter.open()) }
}

/** What of a session there is, and what is put in its place. */
function changed(session: Session, methods: Partial<Session>): Session {
  return new Proxy(session, {
    get: (target, property) => Reflect.get(methods, property) ?? (Reflect.get(target, property) as unknown),
  })
}

type Begin = (entry: Entry) => Promise<Transaction | 'taken'>

function beginning(
  adapter: Adapter,
  begin: (original: Begin, entry: Entry) => Promise<Transaction | 'taken'>,
): Adapter {
  return withSessions(adapter, (session) =>
    changed(session, { begin: (entry: Entry) => begin((one) => (session as Required<Session>).begin(one), entry) }),
  )
}

/** SQLite: commits the effect, and then appends the marker (`protocol.md`, finding 2). */
export const markerLast: Mutate = (adapter, { role }) =>
  role !== 'main'
    ? adapter
    : beginning(adapter, async (original, entry) => {
        const transaction = await original(entry)
        if (transaction === 'taken') return transaction
        const database = (transaction.handle('sql') as Sql).raw as BetterSqlite3.Database
        return {
          handle: (kind) => transaction.handle(kind),
          rollback: () => transaction.rollback(),
          async commit(final) {
            database.exec(`delete from unplugin_migrations where serial = ${entry.serial}; commit`)
            await adapter.log.append([{ ...entry, ...final, done: true }])
          },
        }
      })

/** Runs the migration again where another runner has its place in the log. */
export const ignoresTaken: Mutate = (adapter, { role }) =>
  role !== 'main'
    ? adapter
    : beginning(adapter, async (original, entry) => {
        for (let { serial, generation } = entry; ; serial++) {
          const answer = await original({ ...entry, serial, generation })
          if (answer !== 'taken') return answer
          generation++
        }
      })

/** Drops staged work when the commit is over, before it is in place. */
export const discardsBeforeSettled: Mutate = (adapter, { role }) =>
  role !== 'extra'
    ? adapter
    : withSessions(adapter, (session) =>
        changed(session, {
          async tryLock() {
            const isLocked = await session.tryLock?.()
            for (const { attempt } of (await session.staged?.()) ?? []) await session.discard?.(attempt)
            return isLocked ?? false
          },
        }),
      )

/** Nothing is changed: the twin that must pass. */
export const sound: Mutate = (adapter) => adapter
