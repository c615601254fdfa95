import { upData } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import type { Run } from './run.ts'

/** For a run whose storages defer nothing: what is still open, it cannot settle. @throws MigrationError `MIG_R0108` */
export function assertNothingOpen({ storages }: Run): void {
  const stuck = storages.find(({ last }) => last?.open)
  if (!stuck) return
  // The last one: nothing runs behind open work.
  const up = [...stuck.markers.values()].findLast((entry) => upData(entry).redo.length > 0)
  throw new MigrationError('MIG_R0108', 'open work, not bound', { id: up?.id, target: stuck.name })
}
