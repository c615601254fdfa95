import type { Storage } from '../storage.ts'

/** Whether the state's log is the only one that tells what a storage went through. */
export function isWithoutLog({ adapter }: Storage): boolean {
  return adapter.capabilities.atomic === 'none'
}
