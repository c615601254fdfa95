import type { Entry } from './entry.ts'
import { upData } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import type { Run } from './run.ts'

/** Of a committed `up` entry whose staged work lies in a storage that this run cannot reach. */
export function unboundWork(up: Entry): MigrationError {
  const { id, attempt } = up
  const targets = upData(up).redo.map(({ target }) => target)
  return new MigrationError('MIG_R0108', `staged work in ${targets.join()}, not bound`, {
    id: id ?? undefined,
    attempt,
  })
}

/** Of a run whose storages defer nothing: what is still open, others cannot settle. @throws MigrationError `MIG_R0108` */
export function assertNothingOpen({ storages }: Run): void {
  for (const { last, markers } of storages) {
    // Nothing runs behind open work.
    const up = [...markers.values()].findLast((entry) => upData(entry).redo.length > 0)
    if (last?.open && up) throw unboundWork(up)
  }
}
