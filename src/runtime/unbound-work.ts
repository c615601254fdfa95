import { upData } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import type { Run } from './run.ts'

/** For a run whose storages defer nothing: what is still open, it cannot settle. @throws MigrationError `MIG_R0108` */
export function assertNothingOpen({ storages }: Run): void {
  for (const { name, last, markers } of storages) {
    if (!last?.open) continue
    // The last one: nothing runs behind open work.
    const id = [...markers.values()].findLast((up) => upData(up).redo.length > 0)?.id ?? undefined
    throw new MigrationError('MIG_R0108', 'open work, and what staged it is not bound', { id, target: name })
  }
}
