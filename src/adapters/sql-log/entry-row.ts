import type { Entry, SeenTarget } from '../../runtime/entry.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { Json } from '../../runtime/handles.ts'

/** A row as a driver gives it: numbers may come as bigint or text, booleans as numbers. */
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
  try {
    return {
      serial: integer(row['serial']),
      kind: text(row['kind']) as Entry['kind'],
      id: optionalText(row['id']),
      target: text(row['target']),
      generation: integer(row['generation']),
      hash: optionalText(row['hash']),
      attempt: text(row['attempt']),
      done: integer(row['done']) === 1,
      satisfied: list(row['satisfied'], (item): item is string => typeof item === 'string'),
      open: integer(row['open']),
      targets: list(row['targets'], isSeenTarget),
      data: JSON.parse(text(row['data'])) as Json,
      at: text(row['at']),
    }
  } catch (error) {
    const text = `Entry ${String(row['serial'])} of the log is damaged: ${reasonOf(error)}`
    throw new MigrationError('MIG_R0221', text, { cause: error, next: 'restore the log; nothing was changed' })
  }
}

function integer(value: unknown): number {
  const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new TypeError(`expected a whole number, found ${String(value)}`)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`expected a text, found ${String(value)}`)
}

function optionalText(value: unknown): string | null {
  return value === null ? null : text(value)
}

function list<T>(value: unknown, isItem: (item: unknown) => item is T): readonly T[] {
  const parsed: unknown = JSON.parse(text(value))
  if (Array.isArray(parsed) && parsed.every((item) => isItem(item))) return parsed
  throw new TypeError(`expected a list, found ${String(value)}`)
}

function isSeenTarget(item: unknown): item is SeenTarget {
  return (
    typeof item === 'object' &&
    item !== null &&
    'name' in item &&
    typeof item.name === 'string' &&
    'target' in item &&
    typeof item.target === 'string' &&
    'serial' in item &&
    typeof item.serial === 'number'
  )
}
