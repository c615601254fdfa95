import type { Entry } from '../../runtime/entry.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'

/** A row as a driver gives it: whole numbers may come as bigint or text. */
export type Row = Readonly<Record<string, unknown>>

/** An entry by the columns of its table: what people ask for, and the rest as JSON. */
export function rowOf(entry: Entry): Readonly<Record<string, string | number | null>> {
  const { serial, kind, id, target, generation, hash, attempt, at, done } = entry
  return { serial, kind, id, target, generation, hash, attempt, at, done: Number(done), rest: restOf(entry) }
}

/** What changes when an entry is completed. */
export function restOf({ satisfied, open, targets, data }: Entry): string {
  return JSON.stringify({ satisfied, open, targets, data })
}

/** The entry of a row, whose shape the runtime looks at. @throws MigrationError `MIG_R0221` */
export function entryOf({ rest, serial, generation, done, ...row }: Row): Entry {
  try {
    const columns = { serial: Number(serial), generation: Number(generation), done: Number(done) === 1 }
    return { ...JSON.parse(String(rest)), ...row, ...columns } as Entry
  } catch (cause) {
    throw new MigrationError('MIG_R0221', `Entry ${String(serial)}: ${reasonOf(cause)}`, { cause })
  }
}
