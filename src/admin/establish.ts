import { establish as begin } from '../runtime/identity.ts'
import type { Run } from '../runtime/run.ts'
import { uniqueId } from '../runtime/unique-id.ts'

/** Begins the log of every bound storage that has none. Where another process was first, the storages are overtaken. */
export async function establish(run: Run): Promise<void> {
  await (run.several ? run.several.establishAll(run) : begin(run.state, run.options, uniqueId()))
}
