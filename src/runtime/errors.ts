import type { RunCode } from '../diagnostics/run.ts'
import type { Id } from '../graph/manifest.ts'

export interface MigrationErrorDetails {
  readonly id?: Id
  /** The adapter's name in the configuration. */
  readonly target?: string
  readonly attempt?: string
  /** Applied by this run before it stopped. */
  readonly applied?: readonly Id[]
  /** Not applied, in the order in which they would have run. */
  readonly notApplied?: readonly Id[]
  /** What to do next. */
  readonly next?: string
  readonly cause?: unknown
}

/** Whatever stops a run. `message` is short: the page of its code in the docs holds the long text. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly code: RunCode
  /** The message without code and next step. */
  readonly text: string
  readonly id: Id | undefined
  readonly target: string | undefined
  readonly attempt: string | undefined
  readonly applied: readonly Id[]
  readonly notApplied: readonly Id[]
  readonly next: string | undefined

  constructor(code: RunCode, text: string, details: MigrationErrorDetails = {}) {
    const next = details.next === undefined ? '' : `\n  next: ${details.next}`
    super(`[${code}] ${text}${next}`, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.text = text
    this.id = details.id
    this.target = details.target
    this.attempt = details.attempt
    this.applied = details.applied ?? []
    this.notApplied = details.notApplied ?? []
    this.next = details.next
  }
}

/** The same error, with what its catcher knows and it did not. */
export function withDetails(error: MigrationError, details: MigrationErrorDetails): MigrationError {
  const { id, target, attempt, next, cause, stack } = error
  const known = { id, target, attempt, next, cause, applied: error.applied, notApplied: error.notApplied }
  const own = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== ''))
  const detailed = new MigrationError(error.code, error.text, { ...own, ...details })
  if (stack !== undefined) detailed.stack = stack
  return detailed
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
