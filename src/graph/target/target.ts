import type { Marks } from '../marks.ts'

/** What a target asks for: of the migrations in `scope`, exactly those in `wanted` are to be applied. */
export interface Target {
  readonly text: string
  readonly scope: Marks
  readonly wanted: Marks
  /** The migrations that it names; empty for a whole branch. */
  readonly nodes: readonly number[]
}
