import type { DecidedSquashes } from './decide-squashes.ts'
import type { Id, ManifestMigration } from './manifest.ts'
import type { Marks } from './marks.ts'

/** Edges into one migration, as indexes into a manifest. */
export type Links = Pick<ManifestMigration, 'parents' | 'after'>

/** Which migrations of a manifest take part, for one set of applied ones. Positions are indexes into the manifest. */
export interface Standing extends DecidedSquashes {
  /** Edges between the migrations that take part. */
  readonly links: readonly Links[]
  /** Ids that are gone from the code and that a squash replaces. */
  readonly replaced: ReadonlySet<Id>
}

/**
 * Works out a standing.
 *
 * @param recorded by index: what is recorded itself
 * @param ids all that is recorded: they tell of what is gone from the code
 */
export type StandingOf = (migrations: readonly ManifestMigration[], recorded: Marks, ids: ReadonlySet<Id>) => Standing

/** Of a manifest without squashes: everything takes part. */
export const plainStanding: StandingOf = (migrations, applied) => ({
  links: migrations,
  active: applied.slice().fill(1),
  applied,
  instead: new Map(),
  partial: [],
  replaced: new Set(),
})
