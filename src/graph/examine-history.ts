import { type AppliedSet, type History, compareHistory } from './history.ts'
import type { Manifest } from './manifest.ts'
import { squashedStanding } from './squashed-standing.ts'

/** Compares a manifest, as the build emits it or as its JSON has it, with what was applied. */
export function examineHistory(manifest: Pick<Manifest, 'migrations' | 'retired'>, applied: AppliedSet): History {
  return compareHistory(manifest, applied, squashedStanding)
}
