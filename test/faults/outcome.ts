import { inspect } from 'node:util'
import { MigrationError } from '../../src/runtime/errors.ts'
import type { Applied, MigrationEvent, Result } from '../../src/runtime/options.ts'

/** How a run ended, as data: it may have been in another process. */
export type Outcome = {
  /** Whatever it said, to whomever. */
  readonly said: string
} & (
  | { readonly end: 'resolved'; readonly outcome: Result['outcome']; readonly applied: readonly Applied[] }
  | { readonly end: 'rejected'; readonly code: string; readonly message: string; readonly applied: readonly string[] }
)

/**
 * How a run ends that waited for others as long as it may. `MIG_R0202` too, while the runtime cannot tell a transaction
 * that never began from a commit without an answer.
 */
export const STILL_BUSY: readonly string[] = ['MIG_R0205']

/** Runs to the end, whatever it is. */
export async function outcomeOf(run: (onEvent: (event: MigrationEvent) => void) => Promise<Result>): Promise<Outcome> {
  const events: MigrationEvent[] = []
  const said = (last: unknown): string => `${inspect(events, { depth: 9 })}\n${inspect(last, { depth: 9 })}`
  try {
    const result = await run((event) => events.push(event))
    return { end: 'resolved', outcome: result.outcome, applied: result.applied, said: said(result) }
  } catch (error) {
    const { code, applied } = error instanceof MigrationError ? error : { code: 'none', applied: [] }
    return { end: 'rejected', code, message: String(error), applied, said: said(error) }
  }
}
