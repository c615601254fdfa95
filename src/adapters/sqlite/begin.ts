import type { SqliteConnection } from './connection.ts'
import type { SqliteSettings } from './settings.ts'

/**
 * BEGIN IMMEDIATE: takes the write lock now, so that nothing that follows finds the database changed or locked. Fails at
 * once with SQLITE_BUSY while another connection writes: a driver that waits would block the whole process, and with it
 * a transaction of this very process that it waits for. The runtime polls instead.
 *
 * @param before what has no effect inside a transaction
 */
export function beginImmediate(
  connection: SqliteConnection,
  { busyTimeout }: SqliteSettings,
  before: readonly string[] = [],
): void {
  const restore = `PRAGMA busy_timeout = ${busyTimeout}`
  try {
    connection.script([...before, 'PRAGMA busy_timeout = 0', 'BEGIN IMMEDIATE', restore].join(';'))
  } catch (error) {
    connection.script(restore)
    throw error
  }
}
