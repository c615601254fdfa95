import type { KnownId } from '../graph/known-id.ts'
import type { Id } from '../graph/manifest.ts'
import type { Json, Kind, Kinds } from './handles.ts'

/** Role → kind. A role may not be named like a field of `Tools`. */
export type Uses = Readonly<Record<string, Kind>>

/** What every migration receives beside its handles. */
export interface Tools {
  readonly id: Id
  /** ULID of this try: the idempotency key for whatever happens outside the storages. */
  readonly attempt: string
  readonly tenant: string | undefined
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal
  readonly params: Readonly<Record<string, Json>>
  log(message: string): void
  progress(done: number, total?: number): void
}

export type MigrationContext<U extends Uses> = Tools & { readonly [Role in keyof U]: Kinds[U[Role]] }

type Work<U extends Uses> = (context: MigrationContext<U>) => Promise<void>

/** One unit of change. Everything but the functions is metadata: literal, read by parsing at build time. */
export interface Migration<U extends Uses> {
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
  /** Running it twice does the same as once: for storages that cannot prove what took effect. */
  readonly idempotent?: true
  /** Loses data on purpose: for people and reviews. */
  readonly destructive?: true
  up: Work<U>
  /** `false`: irreversible. */
  down?: false | Work<U>
  /** Post-check, inside the transaction where there is one: throw to refuse the change. */
  verify?: Work<U>
}

/** Types the handles of `up`, `down` and `verify` from `uses`, and returns its argument. */
export function defineMigration<const U extends Uses>(migration: Migration<U>): Migration<U> {
  return migration
}
