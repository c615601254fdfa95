import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { entryOf, parametersOf } from '../sql-log/entry-row.ts'
import { logStatements } from '../sql-log/statements.ts'
import { Busy, busyOr } from './busy.ts'
import { type PostgresDatabase, type PostgresRows, stateOf } from './connection.ts'
import { literal } from './literal.ts'

const UNDEFINED_TABLE = '42P01'
/** A row, a table or its type that another transaction committed first. */
const TAKEN: ReadonlySet<string> = new Set(['23505', '42P07'])

/** A log, and what of it belongs into messages with more statements. */
export interface PostgresLog extends Log {
  /** Two statements: inserts entries where they are next and nobody else is writing, and asks for the log's end. */
  insert(entries: readonly Entry[]): string
  /** What their rows mean. @throws Busy, and MigrationError `MIG_R0221` where a gap would be left */
  outcome(entries: readonly Entry[], inserted: PostgresRows, end: PostgresRows): 'appended' | 'taken'
  complete(entry: Entry): string
}

/** @param schema qualifies the table: a migration may change the search path */
export function postgresLog(database: PostgresDatabase, schema: string, name: string): PostgresLog {
  const table = `${schema}.${name}`
  const statements = logStatements(table, `${name}_generation`)
  // Held until the transaction ends: without it the others would wait inside their INSERT as long as a migration takes.
  const isFree = `pg_try_advisory_xact_lock(hashtext('unplugin-migrations'), hashtext('${table}'))`
  const rowsOf = async (query: string): Promise<PostgresRows> => {
    try {
      return (await database.script(query))[0] ?? []
    } catch (error) {
      if (stateOf(error) === UNDEFINED_TABLE) return []
      throw busyOr(error)
    }
  }
  const log: PostgresLog = {
    async head() {
      const [genesis, last = genesis] = (await rowsOf(statements.head)).map(entryOf)
      if (!genesis || !last) return null
      if (genesis.serial === 0) return { genesis, last }
      throw new MigrationError('MIG_R0221', `The log table ${table} has no first entry.`, {
        next: `restore ${table} from a backup; nothing was changed`,
      })
    },
    async *read(after) {
      for (const row of await rowsOf(statements.read(after))) yield entryOf(row)
    },
    async append(entries) {
      // Statements in one message are one transaction.
      const message = [...(entries[0]?.serial === 0 ? statements.create : []), log.insert(entries)].join('; ')
      try {
        const results = await database.script(message)
        return log.outcome(entries, results.at(-2) ?? [], results.at(-1) ?? [])
      } catch (error) {
        if (TAKEN.has(stateOf(error))) return 'taken'
        throw busyOr(error)
      }
    },
    insert(entries) {
      const isNext = `(SELECT coalesce(max(serial), -1) FROM ${table}) = ${(entries[0]?.serial ?? 0) - 1}`
      const rows = entries.map((entry) => parametersOf(entry).map(literal))
      return `${statements.insert(rows, `${isFree} AND ${isNext}`)} RETURNING serial; ${statements.end}`
    },
    outcome(entries, inserted, end) {
      if (inserted.length > 0) return 'appended'
      const first = entries[0]?.serial ?? 0
      const last = Number(end[0]?.['serial'] ?? -1)
      if (last >= first) return 'taken'
      if (last === first - 1) throw new Busy('another transaction writes to its log')
      throw new MigrationError('MIG_R0221', `The log ends at ${last}, entry ${first} would leave a gap.`, {
        next: 'restore the log; nothing was changed',
      })
    },
    complete: ({ serial, satisfied, open, targets, data }) =>
      statements.complete(
        [JSON.stringify(satisfied), open, JSON.stringify(targets), JSON.stringify(data)].map(literal),
        serial,
      ),
  }
  return log
}
