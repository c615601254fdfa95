import type { Diagnostic } from '../diagnostics/diagnostic.ts'

/** What a hook throws to stop a build: all that is wrong at once. `guard` tells the host. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]]

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]], cause?: unknown) {
    super(diagnostics.map(({ message }) => message).join('\n'), { cause })
    this.diagnostics = diagnostics
  }
}

/** Any error as a failure. What was not foreseen has a code too. */
export function failureOf(error: unknown): BuildFailure {
  if (error instanceof BuildFailure) return error
  const reason = error instanceof Error ? error.message : String(error)
  const diagnostic: Diagnostic = {
    code: 'MIG_B0403',
    severity: 'error',
    message: `The migrations cannot be read: ${reason}.`,
    fix: 'Mend what the message names, for example a path or its permissions, and build again.',
    sources: [],
  }
  return new BuildFailure([diagnostic], error)
}
