import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { MysqlConnection, MysqlDatabase, MysqlRows } from './connection.ts'
import { Busy, isLost } from './error-class.ts'
import { literal, quotedName } from './literal.ts'

/** A connection that holds the lock of a log. */
export interface Locked {
  readonly connection: MysqlConnection
  /** The log's table, with its database: a migration may go to another. */
  readonly table: string
  /** The connection is not as it was in the pool. */
  readonly isChanged: boolean
  /** The last serial, -1 in an empty log. @throws MigrationError `MIG_R0271` where this is another connection, or the lock is lost */
  end(): Promise<number>
  /** `false`: it was lost. */
  unlock(): Promise<boolean>
}

/**
 * Takes the lock of a log on a connection of its own: the server frees it when that connection's last statement has ended,
 * also where whoever sent it is gone.
 *
 * @param name of the log's table
 * @returns `undefined` where another connection has it
 * @throws MigrationError `MIG_R0102` where the connection is in no database
 */
export async function lock(database: MysqlDatabase, name: string): Promise<Locked | undefined> {
  const connection = await database.connect()
  try {
    const [row = {}] = await connection.query(lockQuery(name)).catch(lost)
    if (row['home'] === null) throw new MigrationError('MIG_R0102', 'the connection is in no database')
    if (Number(row['granted']) === 1) {
      if (Number(row['autocommit']) !== 1) await connection.query('SET autocommit = 1')
      return locked(connection, name, row)
    }
  } catch (error) {
    connection.release('changed')
    throw error
  }
  connection.release('same')
  return undefined
}

/**
 * Locks are the server's, in all of its databases, and their names are short: this one is a digest of where the log is.
 * Never waits, and only 1 is a yes: 0 says that it is taken, NULL that something went wrong.
 */
function lockQuery(name: string): string {
  const place = `CONCAT('unplugin_migrations:', LEFT(SHA2(CONCAT(LOWER(DATABASE()), '.', ${literal(name)}), 256), 40))`
  const facts = `CONNECTION_ID() AS id, DATABASE() AS home, @@autocommit AS autocommit, ${place} AS place`
  return `SELECT ${facts}, IF(DATABASE() IS NULL, NULL, GET_LOCK(${place}, 0)) AS granted`
}

function locked(connection: MysqlConnection, name: string, { id, home, place, autocommit }: MysqlRows[number]): Locked {
  const table = `${quotedName(String(home))}.${name}`
  const key = literal(String(place))
  // Without its unique keys, which somebody may have dropped, the server refuses this.
  const facts = `CONNECTION_ID() AS id, IS_USED_LOCK(${key}) AS holder, (SELECT max(serial) FROM ${table} FORCE INDEX (PRIMARY, generation)) AS end`
  return {
    connection,
    table,
    isChanged: Number(autocommit) !== 1,
    async end() {
      const [now = {}] = await connection.query(`SELECT ${facts}`).catch((cause: unknown) => {
        throw isLost(cause) ? new MigrationError('MIG_R0271', reasonOf(cause), { cause }) : cause
      })
      const isOurs = [now['id'], now['holder']].every((found) => found !== null && Number(found) === Number(id))
      if (isOurs) return Number(now['end'] ?? -1)
      throw new MigrationError('MIG_R0271', `connection ${now['id']}, not ${id}; the lock is held by ${now['holder']}`)
    },
    async unlock() {
      const [answer = {}] = await connection.query(`SELECT RELEASE_LOCK(${key}) AS released`)
      return Number(answer['released']) === 1
    },
  }
}

/** Nothing was asked of the server yet that could have been done. */
function lost(cause: unknown): never {
  throw isLost(cause) ? new Busy('the connection ended', { cause }) : cause
}
