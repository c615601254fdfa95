import type { ScanOptions } from '../scan/options.ts'

export interface Options {
  /**
   * Where the application is: the nearest `package.json` at or above this folder, which may be relative to the
   * bundler's root.
   *
   * @default the bundler's root
   */
  readonly root?: string
  /**
   * The application's own migrations: a folder, relative to its `package.json`. The field `migrations` of that file says
   * the same.
   *
   * @default 'migrations'
   */
  readonly path?: string
  /**
   * Settings for packages by name: `false` leaves the migrations of a package out, an object says where they are or
   * picks one of several installed versions.
   *
   * @default {}
   */
  readonly packages?: NonNullable<ScanOptions['packages']>
  /**
   * Take `migrations.lock` as it is: what differs from it fails the build, and it is never written.
   *
   * @default in CI
   */
  readonly frozen?: boolean
  /**
   * Import migrations together with the manifest, instead of each when it is pending. Builds only: a development server
   * loads what is asked for.
   *
   * @default false; true where a configuration of Rollup has `output.inlineDynamicImports`
   */
  readonly eager?: boolean
  /**
   * Allow code for the client to import `virtual:migrations`, for storages that live in a browser.
   *
   * @default false
   */
  readonly client?: boolean
  /**
   * Write `migrations-env.d.ts` beside the application's `package.json`, in builds and in development: it types
   * `virtual:migrations`, and editors offer the ids of migrations.
   *
   * @default whether there is a `tsconfig.json` beside it
   */
  readonly types?: boolean
}
