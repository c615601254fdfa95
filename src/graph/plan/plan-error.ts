import type { PlanCode } from '../../diagnostics/plan.ts'
import type { RunCode } from '../../diagnostics/run.ts'
import type { Id } from '../manifest.ts'

/** A partly applied squash is a finding of the history, whoever meets it. */
type PartialSquashCode = Extract<RunCode, 'MIG_R0305'>

/** A request that cannot be planned. Nothing was changed: planning reads only. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  readonly code: PlanCode | PartialSquashCode
  /** The message without code and next step. */
  readonly text: string
  /** What it is about: the matches of an ambiguous name, the branches of an ambiguous step, the ids that are left out. */
  readonly ids: readonly Id[]
  /** What to do next. */
  readonly next: string

  constructor(code: PlanCode | PartialSquashCode, text: string, ids: readonly Id[], next: string) {
    super(`[${code}] ${text}\n  next: ${next}`)
    this.code = code
    this.text = text
    this.ids = ids
    this.next = next
  }
}

const SHOWN = 10

/** Ids in a message: the first ten, and how many there are. */
export function listIds(ids: readonly Id[]): string {
  const shown = ids.slice(0, SHOWN).join(', ')
  return ids.length > SHOWN ? `${shown}, … (${ids.length} in all)` : shown
}
