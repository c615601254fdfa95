import type { Entry } from './entry.ts'
import { upData } from './entry-data.ts'
import { MigrationError } from './errors.ts'

/** Of a committed `up` entry whose staged work lies in a storage that this run cannot reach. */
export function unboundWork(up: Entry): MigrationError {
  const { id, attempt } = up
  const targets = upData(up).redo.map(({ target }) => target)
  return new MigrationError('MIG_R0108', `staged work in ${targets.join()}, not bound`, {
    id: id ?? undefined,
    attempt,
  })
}
