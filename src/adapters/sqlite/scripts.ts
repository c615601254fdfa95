import type { Script, Scripts } from '../../runtime/adapter.ts'
import { acceptsScript } from '../sql-handle/accepts-script.ts'
import type { SqliteConnection } from './connection.ts'
import { assertForeignKeys, onlyCreates } from './foreign-keys.ts'
import type { SqliteLog } from './log.ts'
import { SAVEPOINT, assertInside } from './savepoint.ts'
import type { KnownSettings } from './settings.ts'

/**
 * Scripts of SQLite in one synchronous go, each in its own transaction as `beginUnit` has it: nothing of the application
 * runs in between, so that the connection's settings are changed once for all of them.
 */
export function sqliteScripts(connection: SqliteConnection, log: SqliteLog, settings: KnownSettings): Scripts {
  return {
    accepts: acceptsScript,
    async send(scripts) {
      const { busyTimeout, foreignKeys } = settings.get()
      const durations: number[] = []
      let isOurs = false
      try {
        connection.script('PRAGMA foreign_keys = OFF;PRAGMA busy_timeout = 0')
        for (const script of scripts) {
          const start = performance.now()
          connection.often('BEGIN IMMEDIATE', [])
          isOurs = true
          if (log.insert([script.entry]) === 'taken') return 'stopped'
          durations.push(complete(connection, log, script, foreignKeys, start))
        }
        return durations
      } catch (error) {
        // The one that failed alone tells why.
        if (durations.length > 0) return 'stopped'
        throw error
      } finally {
        if (isOurs && connection.inTransaction) connection.script('ROLLBACK')
        const restored = `PRAGMA busy_timeout = ${busyTimeout}`
        connection.script(foreignKeys ? `${restored};PRAGMA foreign_keys = ON` : restored)
      }
    },
  }
}

/** @returns milliseconds */
function complete(
  connection: SqliteConnection,
  log: SqliteLog,
  { entry, final, text }: Script,
  foreignKeys: boolean,
  start: number,
): number {
  connection.often(SAVEPOINT, [])
  connection.script(text)
  assertInside(connection, entry)
  if (foreignKeys && !onlyCreates(text)) assertForeignKeys(connection)
  const ms = Math.round(performance.now() - start)
  log.complete({ serial: entry.serial, ...final, data: { ...Object(final.data), ms } })
  connection.often('COMMIT', [])
  return ms
}
