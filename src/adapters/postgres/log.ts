import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { entryOf, rowOf } from '../sql-log/entry-row.ts'
import { logStatements } from '../sql-log/statements.ts'
import type { PostgresDatabase, PostgresRows } from './connection.ts'
import { literal } from './literal.ts'
import { UNDEFINED_TABLE, UNIQUE_VIOLATION, busy, stateOf } from './sql-state.ts'

/** A log, and what of it belongs into messages with more statements. */
export interface PostgresLog extends Log {
  /** With its schema. */
  readonly table: string
  /**
   * Inserts entries where they are next and nobody else is writing. Without entries it needs no table, and keeps others
   * from writing all the same.
   *
   * @param send a message with the statements that it is given, to one connection
   * @throws `busy`, MigrationError `MIG_R0221` where a gap would be left, and what `send` throws
   */
  insert(
    entries: readonly Entry[],
    send: (statements: string) => Promise<readonly PostgresRows[]>,
  ): Promise<'appended' | 'taken'>
  complete(entry: Entry): string
}

/** @param schema qualifies the table: a migration may change the search path */
export function postgresLog(database: PostgresDatabase, schema: string, name: string): PostgresLog {
  const table = `${schema}.${name}`
  const statements = logStatements(table)
  const key = lockKey(table)
  // CREATE TABLE IF NOT EXISTS fails where another transaction is creating it.
  const create = [`SELECT pg_advisory_xact_lock(${key})`, ...statements.create]
  const entriesOf = async (query: string): Promise<readonly Entry[]> => {
    try {
      return (await database.script(query)).flat().map(entryOf)
    } catch (error) {
      if (stateOf(error) === UNDEFINED_TABLE) return []
      throw error
    }
  }
  const log: PostgresLog = {
    table,
    async head() {
      const [genesis, last = genesis] = await entriesOf(statements.head)
      return genesis && last ? { genesis, last } : null
    },
    async *read(after) {
      yield* await entriesOf(statements.read(after))
    },
    // Statements in one message are one transaction.
    append: (entries) =>
      log.insert(entries, (statement) =>
        database.script([...(entries[0]?.serial === 0 ? create : []), statement].join(';')),
      ),
    async insert(entries, send) {
      const first = entries[0]?.serial ?? 0
      // Held until the transaction ends: without it others would wait in their INSERT as long as a migration takes.
      const isFree = `pg_try_advisory_xact_lock(${key})`
      const isNext = `coalesce((${statements.end}), -1) = ${first - 1}`
      const rows = `json_populate_recordset(NULL::${table}, ${literal(JSON.stringify(entries.map(rowOf)))})`
      const insertion = `INSERT INTO ${table} SELECT * FROM ${rows} WHERE ${isFree} AND ${isNext} RETURNING serial;${statements.end}`
      try {
        const results = await send(entries[0] ? insertion : `SELECT 0 serial WHERE ${isFree};SELECT -1 serial`)
        const [one, ...more] = results.flat().filter((row) => 'serial' in row)
        if (more.length > 0) return 'appended'
        const last = Number(one?.['serial'] ?? -1)
        if (last >= first) return 'taken'
        if (last === first - 1) throw busy()
        throw new MigrationError('MIG_R0221', `gap before ${first}`)
      } catch (error) {
        if (stateOf(error) === UNIQUE_VIOLATION) return 'taken'
        throw error
      }
    },
    complete: (entry) => statements.complete(literal(rowOf(entry).rest), entry.serial),
  }
  return log
}

/** Of the lock that is held while a transaction writes to a log. */
export function lockKey(table: string): string {
  return `hashtextextended('${table}', 0)`
}
