import type { Attributes, SpanLike } from './api.ts'

/** A migration that runs, and its span where there is a tracer. */
export interface MigrationSpan {
  readonly span: SpanLike | undefined
  readonly target: string
  readonly attributes: Attributes
  /** On the monotonic clock. */
  readonly startedAt: number
  /** Progress that is worth an event: spans hold few (128 by default), and a migration may tell of every row. */
  nextProgress: number
}

/** Tells of progress at every tenth of a known total, else whenever it has doubled. */
export function tellProgress(running: MigrationSpan, done: number, total: number | undefined): void {
  if (done < running.nextProgress) return
  running.nextProgress = total === undefined ? done * 2 : done + total / 10
  running.span?.addEvent('progress', total === undefined ? { done } : { done, total })
}
