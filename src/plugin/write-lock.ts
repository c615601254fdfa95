import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isDifferent } from '../scan/lock/lock-file.ts'
import { replaceFile } from '../scan/replace-file.ts'
import type { ScanResult } from '../scan/result.ts'

/**
 * Writes what the lock file lacks. Called after the scan of a one-shot build. One that fails writes its options at least: the
 * command that its errors name goes by what the file holds, and has to find what the build found.
 *
 * @returns what hinders it. The bundle is complete all the same, and where the file must be, `frozen` is an error.
 */
export function writeLock({ lock, diagnostics }: ScanResult): Diagnostic | undefined {
  if (!lock) return undefined
  const { path, after, withOptions } = lock.file
  const isRefused = diagnostics.some(({ severity }) => severity === 'error')
  const text = isRefused ? withOptions : isDifferent(lock.file) ? after : undefined
  if (text === undefined) return undefined
  try {
    replaceFile(path, text)
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
