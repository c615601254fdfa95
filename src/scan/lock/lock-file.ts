/** The name of the file, beside the application's package.json. */
export const LOCK_FILE = 'migrations.lock'

/** What `migrations.lock` holds: every migration that may run, in the order in which each package's were added. */
export interface LockFile {
  /** Of the build, as JSON. Absent: all as usual. */
  readonly options?: string
  /** By name, each once. */
  readonly packages: readonly LockedPackage[]
}

export interface LockedPackage {
  /** The package's identity. */
  readonly name: string
  /** Each name once. The order is that of the migrations. */
  readonly lines: readonly LockedLine[]
}

export interface LockedLine {
  /** Of the migration, without its package. */
  readonly name: string
  readonly hash: string
  /** Earlier hashes, the newest first, that somebody accepted. */
  readonly accepted: readonly string[]
  /** How often a repeatable changed, from 1. */
  readonly revision?: number
  /** The package's version that brought it. */
  readonly version: string
  readonly edges: readonly LockedEdge[]
  /** Present where the migration was removed on purpose. */
  readonly retired?: true
}

/** `parent` and `needs` are declared and held against history; `before` is `runBefore`. */
export interface LockedEdge {
  readonly kind: EdgeWord
  /** An id, or `<package>@base`. Of the same package: the name. `none`, as a parent: it starts a branch. */
  readonly to: string
  readonly isForeign: boolean
}

export const EDGE_WORDS = ['parent', 'needs', 'before'] as const
export type EdgeWord = (typeof EDGE_WORDS)[number]

/** What may stand as a version in a line. */
export const VERSION: RegExp = /^[\w.+-]{1,256}$/

/** The lines of a package; none where it has no block. */
export function linesOf({ packages }: LockFile, name: string): readonly LockedLine[] {
  return packages.find((each) => each.name === name)?.lines ?? []
}

/** The text of a lock file as it is, and as it would be. `before` is absent where there is no file. */
export interface LockText {
  readonly path: string
  readonly before?: string
  readonly after: string
  /** As it is, but for the options of the build. Absent where it has those, or cannot be read. */
  readonly withOptions?: string
}

/** Whether there is anything to write. Line ends are Git's to decide; without migrations no file is needed. */
export function isDifferent({ before, after }: LockText): boolean {
  return before === undefined ? after.includes(' h') : after !== before.replaceAll('\r\n', '\n')
}
