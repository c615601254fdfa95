import type { LogLine } from './begun.ts'
import type { DecidedSquashes } from './decide-squashes.ts'
import type { HistoryFinding } from './history.ts'
import type { Id, ManifestMigration } from './manifest.ts'
import type { Marks } from './marks.ts'

/** Edges into one migration, as indexes into a manifest. */
export type Links = Pick<ManifestMigration, 'parents' | 'after'>

/** Which migrations of a manifest take part, for one set of applied ones. Positions are indexes into the manifest. */
export interface Standing extends Omit<DecidedSquashes, 'partial'> {
  /** Edges between the migrations that take part. */
  readonly links: readonly Links[]
  /** Ids that are gone from the code and that a squash replaces. */
  readonly replaced: Iterable<Id>
  readonly findings: readonly HistoryFinding[]
}

/** What the logs say beside what they say of the migrations of a manifest. */
export interface Recorded extends Partial<RecordedTargets> {
  /** Every applied id on any bound storage, those of other applications included. */
  readonly ids: readonly Id[]
}

/** What tells of storages that were bound once, and of what has begun. Matters to squashes only. */
export interface RecordedTargets {
  readonly state: {
    readonly entries?: readonly LogLine[]
    readonly last: { readonly targets: readonly RecordedTarget[] } | null
    /** What is recorded as applied on a target. */
    applied(target: string): readonly Id[]
  }
  /** Those that are bound. */
  readonly targets: readonly { readonly target: string | null; readonly entries?: readonly LogLine[] }[]
  readonly options: { readonly tenant?: string; readonly unbound?: readonly string[] }
}

export interface RecordedTarget {
  /** Its name in the configuration when it was seen. */
  readonly name: string
  readonly target: string
  readonly tenant: string | null
}

/**
 * Works out a standing.
 *
 * @param marks by index: what is recorded itself
 */
export type StandingOf = (migrations: readonly ManifestMigration[], marks: Marks, recorded: Recorded) => Standing

/** Of a manifest without squashes: everything takes part. */
export const plainStanding: StandingOf = (migrations, applied) => ({
  links: migrations,
  active: applied.slice().fill(1),
  applied,
  instead: new Map(),
  replaced: [],
  findings: [],
})
