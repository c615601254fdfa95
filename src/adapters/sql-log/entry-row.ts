import type { Entry } from '../../runtime/entry.ts'

/** A row as a driver gives it: whole numbers may come as bigint or text. */
export type Row = Readonly<Record<string, unknown>>

/** The columns of a log: what people ask for, and as JSON the rest, which changes when an entry is completed. */
export interface EntryRow extends Pick<Entry, 'serial' | 'kind' | 'id' | 'target' | 'hash' | 'attempt' | 'at'> {
  /** `null` for 0: unique are those that count. */
  readonly generation: number | null
  readonly done: number
  readonly rest: string
}

export function rowOf({ satisfied, open, targets, data, done, generation, ...columns }: Entry): EntryRow {
  return {
    ...columns,
    generation: generation || null,
    done: Number(done),
    rest: JSON.stringify({ satisfied, open, targets, data }),
  }
}

/** The entry of a row, whose shape the runtime looks at. @throws SyntaxError where the rest is no JSON */
export function entryOf({ rest, serial, generation, done, ...row }: Row): Entry {
  const columns = { serial: Number(serial), generation: Number(generation), done: Number(done) === 1 }
  return { ...JSON.parse(String(rest)), ...row, ...columns } as Entry
}
