import type { KnownId } from '../graph/known-id.ts'
import type { Id } from '../graph/manifest.ts'
import type { Json, Kind, Kinds } from './handles.ts'

/** Role → kind. A role may not be named like a field of `Tools`, or `checkpoint`. */
export type Uses = Readonly<Record<string, Kind>>

/** What every migration receives beside its handles. */
export interface Tools {
  readonly id: Id
  /** UUID of this try: the idempotency key for whatever happens outside the storages. */
  readonly attempt: string
  readonly tenant: string | undefined
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal
  readonly params: Readonly<Record<string, Json>>
  log(message: string): void
  progress(done: number, total?: number): void
}

export type MigrationContext<U extends Uses> = Tools & { readonly [Role in keyof U]: Kinds[U[Role]] }

type Work<U extends Uses, Answer = void> = (context: MigrationContext<U>) => Promise<Answer>

/** What every migration says. Everything but the functions is metadata: literal, read by parsing at build time. */
interface MigrationFields<U extends Uses> {
  readonly uses: U
  /** Migrations, of this package or another, that must be applied before. */
  readonly dependsOn?: readonly KnownId[]
  /** Migrations of other packages that must not run before this one. */
  readonly runBefore?: readonly KnownId[]
  /** Names inside the package. Default: the migration above. `[]` starts a branch. */
  readonly parents?: readonly string[]
  /** A squash: migrations, of any package, that it stands for. Runs where none of them is applied. */
  readonly replaces?: readonly KnownId[]
  readonly conflictsWith?: readonly KnownId[]
  readonly formerly?: readonly Id[]
  readonly labels?: readonly string[]
  /** Runs with `mode: 'required'` leave it to another one. Only deferrable migrations may depend on it. */
  readonly deferrable?: true
  /** Loses data on purpose: for people and reviews. `plan`, `status` and dry runs show it. */
  readonly destructive?: true
  /**
   * Whether it applies here. `false` skips it: runs of the same manifest leave it alone, as long as nothing is taken back
   * or done by others; a run of another one asks again, and so does `up` of `unplugin-migrations/admin`.
   */
  when?: Work<U, boolean>
  /**
   * Post-check, inside the transaction where there is one: throw to refuse the change. Where a storage takes a single batch
   * (D1), it comes after the commit, and the change stays (`MIG_R0243`).
   */
  verify?: Work<U>
}

/** Done at once. */
interface MigrationAtOnce<U extends Uses> extends MigrationFields<U> {
  /** Its statements run one by one, outside of a transaction. */
  readonly transaction?: false
  /** Running it twice does the same as once: for storages that cannot prove what took effect. */
  readonly idempotent?: true
  /**
   * Runs again: after all of its package that run once, whenever it changed, or `always`, at the end of every run. Has
   * no place among the others (`parents`, `labels`, `replaces`), and no `down`.
   */
  readonly repeatable?: 'onChange' | 'always'
  readonly steps?: undefined
  up: Work<U>
  /** `false`: irreversible. */
  down?: false | Work<U>
  /** Whether it is done already: then it counts as applied without `up`. */
  probe?: Work<U, boolean>
}

/** Done step by step. */
interface MigrationInSteps<U extends Uses, Named extends readonly unknown[]> extends MigrationFields<U> {
  /** In order. It goes down from the last to the first, where each has its `down`. */
  readonly steps: { readonly [Place in keyof Named]: Step<U, Named[Place]> }
  /** `false`: irreversible, whatever the steps have. */
  readonly down?: false
  readonly transaction?: undefined
  readonly idempotent?: undefined
  readonly repeatable?: undefined
  readonly up?: undefined
  readonly probe?: undefined
}

/** One unit of change: `up`, or `steps`, whose `uses` are `Named`, one by one: `defineMigration` finds them out. */
export type Migration<U extends Uses, Named extends readonly unknown[] = readonly unknown[]> =
  | MigrationAtOnce<U>
  | MigrationInSteps<U, Named>

/** The roles that a step names, or all. */
type RolesOf<U extends Uses, Named> = Named extends readonly (infer Role)[]
  ? { readonly [Own in Role & keyof U]: U[Own] }
  : U

/** A part of a migration that commits by itself: what is done stays done when a later one fails. `Named`: its `uses`. */
export interface Step<U extends Uses, Named = unknown> {
  /** Unique in the migration. What is applied is known by it, so it stays as it is. */
  readonly name: string
  /** Roles that it gets. Default: all of its migration. */
  readonly uses?: Named & readonly (keyof U & string)[]
  readonly transaction?: false
  readonly idempotent?: true
  /**
   * What it gives back is stored, and it runs again with that as `checkpoint`, each time in a transaction of its own,
   * until it gives back nothing. So a long change of data resumes where it stopped.
   */
  up(
    context: MigrationContext<RolesOf<U, Named>> & { readonly checkpoint: Json | undefined },
  ): Promise<Json | undefined | void>
  down?(context: MigrationContext<RolesOf<U, Named>>): Promise<void>
  /** Whether it is done already. */
  probe?(context: MigrationContext<RolesOf<U, Named>>): Promise<boolean>
}

/** Types the handles of the functions from `uses`, and returns its argument. */
export function defineMigration<const U extends Uses, const Named extends readonly unknown[] = readonly unknown[]>(
  migration: Migration<U, Named>,
): Migration<U, Named> {
  return migration
}
