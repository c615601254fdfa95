import type { RunCode } from '../diagnostics/run.ts'
import type { Id } from '../graph/manifest.ts'

export interface MigrationErrorDetails {
  readonly id?: Id | null | undefined
  /** The adapter's name in the configuration. */
  readonly target?: string | undefined
  readonly attempt?: string | undefined
  /** Applied by this run before it stopped. */
  readonly applied?: readonly Id[]
  /** Not applied, in the order in which they would have run. */
  readonly notApplied?: readonly Id[]
  /** What to do, where this case asks for more than the page of its code says. */
  readonly next?: string
  readonly cause?: unknown
}

/**
 * Whatever stops a run. The message says what and where. Why, and what to do, is on the page of its code, which
 * `explain` of `unplugin-migrations/errors` answers too: a bundle does not carry these texts.
 */
export class MigrationError extends Error {
  declare readonly code: RunCode
  /** What happened to the migration and the target that are named: the message without these, the code and directions. */
  declare readonly text: string
  declare readonly id: Id | null | undefined
  declare readonly target: string | undefined
  declare readonly attempt: string | undefined
  declare readonly applied: readonly Id[]
  declare readonly notApplied: readonly Id[]
  declare readonly next: string

  constructor(code: RunCode, text: string, details: MigrationErrorDetails = {}) {
    // Without a cause now, the one that is added later would be enumerable, and be printed with all that a driver's error holds.
    super(`[${code}] ${text}`, { cause: undefined, ...details })
    const next = 'see unplugin-migrations/docs/errors.md'
    withDetails(Object.assign(this, { name: 'MigrationError', code, text, next, applied: [], notApplied: [] }), details)
  }
}

/** The same error; of ours, with what its catcher knows and it did not. */
export function withDetails(error: unknown, details: MigrationErrorDetails): unknown {
  if (!(error instanceof MigrationError)) return error
  const { code, id, target, text, next } = Object.assign(error, details)
  error.message = `[${code}] ${[id, target, text].filter(Boolean).join(': ')}\n  next: ${next}`
  return error
}

/** The message of whatever was thrown. Some drivers throw errors that have a name only. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.constructor.name : String(error)
}
