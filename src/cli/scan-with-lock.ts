import type { LockUse } from '../scan/lock/use.ts'
import { readOptions } from '../scan/lock/read-options.ts'
import type { ScanResult } from '../scan/result.ts'
import { scan } from '../scan/scan.ts'
import type { CommandInput } from './command.ts'

/** Scans as the build does: by the options that the lock file holds, unless others are given. */
export function scanWithLock({ root, path }: CommandInput, lock: LockUse): Promise<ScanResult> {
  return scan({ root, ...readOptions(root), ...(path === undefined ? {} : { path }), lock })
}
