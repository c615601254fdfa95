import type { Entry } from '../../runtime/entry.ts'
import { isEntry } from '../../runtime/entry-shape.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import { unseal } from './sealed.ts'

/** The name of the file whose first entry has this serial. */
export function fileName(serial: number): string {
  return `${String(serial).padStart(10, '0')}.json`
}

/** The serial in a file's name; `null` for a name that is none of the log's. */
export function serialIn(name: string): number | null {
  return /^\d{10}\.json$/.test(name) ? Number(name.slice(0, 10)) : null
}

/**
 * The entries of one file of a log.
 *
 * @throws MigrationError `MIG_R0221` unless it is whole, and holds entries from the serial in its name on, without gaps
 */
export function entriesOf(path: string, first: number, text: string): readonly Entry[] {
  try {
    const entries = unseal(text)
    if (!Array.isArray(entries) || entries.length === 0) throw new Error('it holds no entries')
    for (const [offset, entry] of entries.entries()) {
      if (!isEntry(entry)) throw new Error(`its entry ${first + offset} has another shape`)
      if (entry.serial !== first + offset) throw new Error(`entry ${entry.serial} is where ${first + offset} belongs`)
    }
    return entries as readonly Entry[]
  } catch (error) {
    throw damaged(`${path}: ${reasonOf(error)}`, error)
  }
}

export function damaged(what: string, cause?: unknown): MigrationError {
  return new MigrationError('MIG_R0221', `A log is damaged: ${what}.`, {
    ...(cause === undefined ? {} : { cause }),
    next: 'restore the folder of the log from a backup; nothing was changed',
  })
}
