import { MigrationError } from '../../../runtime/errors.ts'
import type { PostgresConnection, PostgresDatabase, PostgresRows } from '../connection.ts'
import { lockKey } from '../log.ts'

/** What is held, and by which backend of the server. */
export interface Held {
  readonly connection: PostgresConnection
  readonly table: string
  /** A statement that fails with `LOST` where the connection is another one, or has lost the lock. */
  readonly guard: string
}

/** A division by zero is what one expression of SQL can fail by. */
export const LOST = '22012'

/** The session's lock of a key, as the server lists it (postgresql.org/docs/current/view-pg-locks.html). */
function own(table: string): string {
  return `FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND ((classid::bigint << 32) | objid::bigint) = ${lockKey(table)}`
}

/** For work that is not in a transaction: it takes its time, and that of a process that is gone or frozen ends. */
const LIMITS = `SELECT set_config(key, value, false) FROM json_each_text('{"statement_timeout":"0","lock_timeout":"0","idle_session_timeout":"300000","client_connection_check_interval":"500"}') WHERE current_setting(key, true) <> '' AND (version() ~ 'linux' OR key !~ '^client')`

/**
 * Tries to take the lock that writers of a log hold, for a session: others see it as busy and nobody waits for it inside a
 * statement, since what runs under it may wait for all transactions (CREATE INDEX CONCURRENTLY).
 *
 * @param pid of the session, from `ownBackend`
 * @throws MigrationError `MIG_R0250` where another session answers, or this one holds the lock without having taken it:
 * a pooler lends it to others too, or did
 */
export async function tryLock(connection: PostgresConnection, table: string, pid: number): Promise<Held | undefined> {
  const isFree = `pg_backend_pid() = ${pid} AND NOT EXISTS (SELECT ${own(table)})`
  const [[answer] = []] = await connection.script(
    `SELECT pg_try_advisory_lock(${lockKey(table)}) AS locked WHERE ${isFree}`,
  )
  if (!answer)
    throw pooled(`backend ${pid} is another's, or holds the lock already: SELECT pg_terminate_backend(${pid})`)
  if (answer['locked'] !== true) return undefined
  await connection.script(LIMITS)
  return { connection, table, guard: `SELECT 1 / (SELECT count(*) ${own(table)} AND pid = ${pid})` }
}

/** @returns whether it was held until now */
export async function unlock({ connection, table }: Held): Promise<boolean> {
  const [[answer] = []] = await connection.script(`SELECT pg_advisory_unlock(${lockKey(table)}) AS freed`)
  return answer?.['freed'] === true
}

const PATIENCE = 1000

/**
 * Which session of the server this connection is. A pooler that lends sessions for a transaction gives the one that is free
 * to whoever comes next: a second connection gets the same, or takes it away. Where the pool has no second one, only the
 * guard of each entry tells.
 *
 * @throws MigrationError `MIG_R0250`
 */
export async function ownBackend(connection: PostgresConnection, database: PostgresDatabase): Promise<number> {
  const pid = pidIn(await connection.script(ASK))
  const connecting = database.connect()
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined))
  const second = await Promise.race([connecting.catch(() => undefined), late])
  if (!second) {
    connecting.then((one) => one.release('same')).catch(() => {})
    return pid
  }
  try {
    if (second.raw === connection.raw) return pid
    const isShared = pidIn(await second.script(`BEGIN;${ASK}`)) === pid
    if (isShared || pidIn(await connection.script(ASK)) !== pid)
      throw pooled(`backend ${pid} answers two connections, or two answer one`)
    return pid
  } finally {
    await second.script('ROLLBACK').catch(() => {})
    await second.release('same')
  }
}

const ASK = 'SELECT pg_backend_pid() AS pid'

function pidIn(results: readonly PostgresRows[]): number {
  return Number(results.at(-1)?.[0]?.['pid'])
}

function pooled(text: string): MigrationError {
  return new MigrationError('MIG_R0250', text)
}
