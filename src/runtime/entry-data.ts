import type { Entry, GenesisData, SettledData, UpData } from './entry.ts'
import { MigrationError } from './errors.ts'
import type { Json } from './handles.ts'

/** The data of a `genesis` entry. @throws MigrationError `MIG_R0221` when it has another shape. */
export function genesisData(entry: Entry): GenesisData {
  const { lineage, env } = fields(entry)
  if (typeof lineage !== 'string' || (env !== null && typeof env !== 'string')) throw misshapen(entry)
  return { lineage, env }
}

/** The data of an `up` entry. @throws MigrationError `MIG_R0221` when it has another shape. */
export function upData(entry: Entry): UpData {
  const { ms, redo } = fields(entry)
  if (typeof ms !== 'number' || !Array.isArray(redo)) throw misshapen(entry)
  for (const item of redo) if (typeof item?.target !== 'string') throw misshapen(entry)
  return { ms, redo }
}

/** The data of a `settled` entry. @throws MigrationError `MIG_R0221` when it has another shape. */
export function settledData(entry: Entry): SettledData {
  const { target, serial } = fields(entry)
  if (typeof target !== 'string' || typeof serial !== 'number') throw misshapen(entry)
  return { target, serial }
}

function fields(entry: Entry): Readonly<Record<string, Json | undefined>> {
  const { data } = entry
  if (data === null || typeof data !== 'object' || Array.isArray(data)) throw misshapen(entry)
  return data as Readonly<Record<string, Json>>
}

function misshapen(entry: Entry): MigrationError {
  return new MigrationError('MIG_R0221', `Entry ${entry.serial} (${entry.kind}) holds data of another shape.`, {
    next: 'restore the log; nothing was changed',
  })
}
