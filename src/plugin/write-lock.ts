import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isDifferent } from '../scan/lock/lock-file.ts'
import { replaceFile } from '../scan/replace-file.ts'
import type { ScanResult } from '../scan/result.ts'

/**
 * Writes what the lock file lacks. Called after the scan of a one-shot build.
 *
 * @returns what hinders it. The bundle is complete all the same, and where the file must be, `frozen` is an error.
 */
export function writeLock({ lock, diagnostics }: ScanResult): Diagnostic | undefined {
  if (!lock || !isDifferent(lock.file) || diagnostics.some(({ severity }) => severity === 'error')) return undefined
  try {
    replaceFile(lock.file.path, lock.file.after)
    return undefined
  } catch (error) {
    // Its message names a file that is gone.
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return {
      code: 'MIG_B0410',
      severity: 'warning',
      message: `migrations.lock cannot be written: ${reason}.`,
      fix: 'Build where the folder can be written to and commit the file, or set the option `frozen: true`.',
      sources: [],
    }
  }
}
