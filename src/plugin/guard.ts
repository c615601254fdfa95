import type { Diagnostic, Source } from '../diagnostics/diagnostic.ts'
import { type BuildFailure, failureOf } from './failure.ts'
import { formatDiagnostics, formatWarning } from '../scan/report/format-diagnostic.ts'
import { PLUGIN_NAME } from './ids.ts'

/** An error as hosts with the hooks of Rollup take it, and as Vite's overlay does. Each shows what it knows of. */
export interface HostError extends Error {
  readonly plugin: string
  /** The code of the first problem. */
  readonly pluginCode: string
  readonly id?: string
  /** Where the first problem is. Lines count from 1, columns from 0. */
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame?: string
}

/** What a hook calls of its host. */
export interface HostContext {
  error(error: HostError): unknown
  warn(message: string): unknown
  /** Resolves as the host does, without the hook that calls it. */
  resolve?(id: string, importer: string, options: { readonly skipSelf: true }): Promise<{ readonly id: string } | null>
}

/** In place of what failed, for hosts that go on after an error. Never an empty manifest: that would mean "up to date". */
export const FAILED_MODULE = 'throw new Error("virtual:migrations could not be built")\nexport default undefined\n'

/** @param root what paths are shown relative to */
export function hostErrorOf(failure: BuildFailure, root: string): HostError {
  const [{ code, sources }, ...others] = failure.diagnostics
  const [source] = sources
  const about = { plugin: PLUGIN_NAME, pluginCode: code, ...(source ? placeOf(source, others.length === 0) : {}) }
  const message = formatDiagnostics(failure.diagnostics, root, 'several')
  const error = new Error(message, failure.cause ? { cause: failure.cause } : {})
  // The place is in the user's code. Our own would only be in the way; a cause keeps its own.
  error.stack = ''
  return Object.assign(error, about)
}

function placeOf({ file, line, column, frame }: Source, withFrame: boolean): Pick<HostError, 'id' | 'loc' | 'frame'> {
  const place = { id: file, loc: { file, line, column: column - 1 } }
  return withFrame && frame !== undefined ? { ...place, frame } : place
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
