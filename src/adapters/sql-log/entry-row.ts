import type { Entry } from '../../runtime/entry.ts'
import { isEntry } from '../../runtime/entry-shape.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'

/** A row as a driver gives it: whole numbers may come as bigint or text. */
export type Row = Readonly<Record<string, unknown>>

/** The values of an entry, in the order of `COLUMNS`. */
export function parametersOf(entry: Entry): readonly (string | number | null)[] {
  return [
    entry.serial,
    entry.kind,
    entry.id,
    entry.target,
    entry.generation,
    entry.hash,
    entry.attempt,
    entry.done ? 1 : 0,
    JSON.stringify(entry.satisfied),
    entry.open,
    JSON.stringify(entry.targets),
    JSON.stringify(entry.data),
    entry.at,
  ]
}

/** @throws MigrationError `MIG_R0221` when the row is not an entry */
export function entryOf(row: Row): Entry {
  const entry = { ...row, ...parsed(row) }
  if (isEntry(entry)) return entry
  throw damaged(row, 'a column has another type')
}

function parsed(row: Row): Readonly<Record<string, unknown>> {
  try {
    return {
      serial: Number(row['serial']),
      generation: Number(row['generation']),
      open: Number(row['open']),
      done: Number(row['done']) === 1,
      satisfied: JSON.parse(String(row['satisfied'])),
      targets: JSON.parse(String(row['targets'])),
      data: JSON.parse(String(row['data'])),
    }
  } catch (error) {
    throw damaged(row, reasonOf(error), error)
  }
}

function damaged(row: Row, what: string, cause?: unknown): MigrationError {
  return new MigrationError('MIG_R0221', `Entry ${String(row['serial'])} of the log is damaged: ${what}.`, {
    ...(cause === undefined ? {} : { cause }),
    next: 'restore the log; nothing was changed',
  })
}
