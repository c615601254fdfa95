import type { LockUse } from './lock/use.ts'
import type { PackageField } from './packages/field.ts'

export interface ScanOptions {
  /** Where to begin: the bundler's root. The application is the nearest package.json at or above it. */
  readonly root: string
  /** The application's own folder of migrations, relative to its package.json. @default 'migrations' */
  readonly path?: string
  /**
   * By the name of a package: `false` leaves its migrations out, an object says what its own field should have said, and
   * `version` picks one of several that are installed.
   */
  readonly packages?: Readonly<Record<string, false | PackageOption>>
  /** What to do about the lock file. Absent: nobody looks at it. */
  readonly lock?: LockUse
}

export interface PackageOption extends PackageField {
  readonly version?: string
}
