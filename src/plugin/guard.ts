import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type BuildFailure, failureOf } from './failure.ts'
import { formatDiagnostics, formatWarning } from './format-diagnostic.ts'

/** An error as Rollup's kind of hosts take it: each shows what it knows of. */
export interface HostError {
  readonly message: string
  /** The first code; hosts pass it on as `pluginCode`. */
  readonly code: string
  readonly id?: string
  /** Where the first problem is. Lines count from 1, columns from 0. */
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame?: string
  readonly cause?: unknown
}

/** What a hook calls of its host. */
export interface HostContext {
  error(error: HostError): unknown
  warn(message: string): unknown
}

/** In place of what failed, for hosts that go on after an error. Never an empty manifest: that would mean "up to date". */
export const FAILED_MODULE = 'throw new Error("virtual:migrations could not be built")\nexport default undefined\n'

/** @param root what paths are shown relative to */
export function hostErrorOf(failure: BuildFailure, root: string): HostError {
  const [{ code, sources }, ...others] = failure.diagnostics
  const [source] = sources
  const message = formatDiagnostics(failure.diagnostics, root)
  const cause = failure.cause === undefined ? {} : { cause: failure.cause }
  if (!source) return { message, code, ...cause }
  const { file, line, column, frame } = source
  const about = { message, code, id: file, loc: { file, line, column: column - 1 }, ...cause }
  return frame === undefined || others.length > 0 ? about : { ...about, frame }
}

/**
 * Runs the work of a hook. Whatever it throws becomes one coded error of the host; where the host goes on after an error,
 * the hook answers `harmless`.
 */
export async function guard<Answer, Harmless>(
  context: HostContext,
  root: () => string,
  harmless: Harmless,
  work: () => Answer | Promise<Answer>,
): Promise<Answer | Harmless> {
  let failure: BuildFailure
  try {
    return await work()
  } catch (error) {
    failure = failureOf(error)
  }
  context.error(hostErrorOf(failure, root()))
  return harmless
}

export function warn(context: HostContext, warnings: readonly Diagnostic[], root: string): void {
  for (const warning of warnings) context.warn(formatWarning(warning, root))
}
