import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'
import { isWithoutLog } from '../without-log/storage.ts'

/** All storages in the order in which their logs are read: what keeps none has it in the state's. */
export function ranks(run: Run): readonly (readonly Storage[])[] {
  run.withoutLog?.bind(run)
  const { storages } = run
  return [storages.filter((storage) => !isWithoutLog(storage)), storages.filter(isWithoutLog)]
}
