import type { StandingOf } from './standing.ts'

/** `<package>:<name>`, e.g. `@acme/images:0002_sizes`. The package is all before the last colon. */
export type Id = string

/** Role → kind: the storages that a migration asks for, by its own names for them. */
export type RoleKinds = Readonly<Record<string, string>>

/** What a migration's code offers in this bundle. */
export type Member = 'up' | 'down' | 'irreversible' | 'verify' | 'when' | 'probe' | 'steps'

/** How a migration runs, where that is not as usual, and what people are to know of it. */
export interface Traits {
  /** Its statements run one by one, outside of a transaction. */
  readonly transaction?: false
  /** Running it twice does the same as once. */
  readonly idempotent?: true
  /** A run that does only what the code needs leaves it to another one. */
  readonly deferrable?: true
  /** Loses data on purpose. Changes nothing about how it runs. */
  readonly destructive?: true
  /** Runs again whenever it changed, or at the end of every run. */
  readonly repeatable?: 'onChange' | 'always'
  /** How often what is repeatable changed, by the lock file: only a higher number runs again. */
  readonly revision?: number
  /** In their order. */
  readonly steps?: readonly StepTraits[]
}

export interface StepTraits {
  readonly name: string
  /** Roles that the step gets; absent: all of its migration. */
  readonly uses?: readonly string[]
  readonly transaction?: false
  readonly idempotent?: true
}

/**
 * What the build emits as `virtual:migrations`: plain data in the order of work. Everything that a plan decides on is
 * here, so planning loads no migration.
 */
export interface Manifest {
  /** Version of this shape. A runtime that does not know it stops. */
  readonly v: 1
  /** SHA-256 (hex) over the sorted ids and hashes that a run requires: without those `held`, and those that always run. */
  readonly digest: string
  /** The same without what is deferrable, where something is. */
  readonly required?: string
  /** Of a development server: an applied migration that was edited since is told, not refused. */
  readonly development?: true
  /** Ids that the lock file holds as removed on purpose. */
  readonly retired: readonly Id[]
  readonly migrations: readonly ManifestMigration[]
  /** Present where a migration replaces others: code that decides about them. */
  readonly squashes?: StandingOf
  /** Present where a migration has traits, or `when`, `probe` or `steps`, or is held: the runtime's code for them. */
  readonly traits?: unknown
  /** Present where migrations use more than one role: the runtime's code for several storages side by side. */
  readonly storages?: unknown
  /** Present where SQL files may run on PostgreSQL: code that sends many of them in one message. */
  readonly scripts?: unknown
  /** Present where a migration is outside of a transaction: the runtime's code for that. */
  readonly statements?: unknown
}

export interface ManifestMigration {
  readonly id: Id
  /** The package's version that brought it. For people. */
  readonly version: string
  /** `h1:` and hex: see `scan/hash`. */
  readonly hash: string
  /** Earlier hashes of this id that the lock file accepted. */
  readonly accepted: readonly string[]
  /** How `load` answers: `module` gives a migration object, `sql` a text. */
  readonly format: 'module' | 'sql'
  /** SQL dialects that have a text of their own; empty where one text serves all. */
  readonly variants: readonly string[]
  readonly uses: RoleKinds
  /** Declared edges (`dependsOn`, `parents`) as indexes into `migrations`; held against history. */
  readonly parents: readonly number[]
  /** Implied edges (the one above in the package, `runBefore`) as indexes; they order, and make a migration late. */
  readonly after: readonly number[]
  /** Earlier ids of this migration. */
  readonly formerly: readonly Id[]
  /** Ids that this squash stands for directly (what another squash among them replaces is that one's); some may be gone. */
  readonly replaces: readonly Id[]
  /** Names of the branch that starts here. */
  readonly labels: readonly string[]
  readonly has: readonly Member[]
  readonly traits?: Traits
  /** Added or edited since the development server started: listed as pending, run only on request. */
  readonly held?: true
  /** `dialect` chooses among `variants` and is ignored where there are none. */
  load(dialect: string | undefined): Promise<unknown>
}

/** What `load` of a `sql` migration resolves to. */
export interface SqlModule {
  readonly default: { readonly up: string; readonly down?: string }
}

/** The package of an id: all before its last colon, since a name holds none. */
export function packageOf(id: Id): string {
  return id.slice(0, id.lastIndexOf(':'))
}
