import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Id, Member, RoleKinds } from '../graph/manifest.ts'
import type { ManifestEdges } from '../graph/manifest-edges.ts'
import type { GraphNode, GraphPackage } from '../graph/node.ts'
import type { Locked } from './lock/lock.ts'
import type { PackageInstance } from './packages/packages.ts'

/** A migration's code on disk. */
export interface MigrationFile {
  /** Absolute real path, with `/`. */
  readonly file: string
  /** The SQL dialect of a variant. */
  readonly dialect?: string
  /** `x.down.sql` of a `.sql` file. */
  readonly down?: string
}

/** A node of the graph with every list in place. */
export type ScannedNode = GraphNode & Required<Omit<GraphNode, 'parents' | 'traits'>>

export interface ScannedMigration extends ScannedNode {
  readonly version: string
  readonly hash: string
  /** Earlier hashes that the lock file accepts. */
  readonly accepted: readonly string[]
  readonly format: 'module' | 'sql'
  /** How Node would load a module; `esm` for `.sql`. */
  readonly moduleFormat: 'esm' | 'cjs'
  /** One, or one per variant in the order of their dialects. */
  readonly files: readonly [MigrationFile, ...MigrationFile[]]
  readonly uses: RoleKinds
  readonly has: readonly Member[]
}

export interface ScannedPackage extends GraphPackage {
  /** Its name by npm, where `name` is its identity. */
  readonly installedAs: string
  readonly version: string
  /** Absolute real path of its folder, with `/`. */
  readonly root: string
  /** Packages that led to it, from the application down, without itself. */
  readonly chain: readonly string[]
  /** Absolute path of the folder that holds its migrations; absent where it brings none. */
  readonly folder?: string
  /** Outside every `node_modules` by real path: its files change while one works. */
  readonly linked: boolean
}

export type Installed = Pick<PackageInstance, 'name' | 'version' | 'root' | 'chain'>

/** A field of a package.json that has the name of ours and another shape. */
export interface IgnoredPackageField {
  readonly package: string
  readonly file: string
  readonly field: string
  readonly reason: string
}

export interface ScanResult {
  readonly app: { readonly name: string; readonly root: string }
  /** The packages that bring migrations. */
  readonly packages: readonly ScannedPackage[]
  /** All packages of the dependency tree, each instance once. */
  readonly installed: readonly Installed[]
  /** In the order of work. Empty while there is an error among the diagnostics. */
  readonly migrations: readonly ScannedMigration[]
  /** Per migration, in the same order: declared and implied edges as indexes. */
  readonly edges: readonly ManifestEdges[]
  /** Ids that the lock file holds as removed on purpose. */
  readonly retired: readonly Id[]
  /** Present where the scan was asked to look at the lock file. */
  readonly lock?: Pick<Locked, 'file' | 'changes'>
  /** All problems at once, errors first. */
  readonly diagnostics: readonly Diagnostic[]
  /** Fields that were taken for another tool's. */
  readonly ignored: readonly IgnoredPackageField[]
  /** Files and folders whose change may change the result. */
  readonly watch: { readonly files: readonly string[]; readonly folders: readonly string[] }
}
