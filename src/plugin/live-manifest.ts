import type { Id } from '../graph/manifest.ts'
import { isInside } from '../scan/paths.ts'
import type { ScannedMigration, ScanResult } from '../scan/result.ts'
import { type BuiltManifest, buildManifest } from './built-manifest.ts'
import { type BuildFailure, failureOf } from './failure.ts'
import { oncePerQuiet } from './quiet.ts'

/** What an update found. */
export interface Update {
  readonly added: readonly Id[]
  readonly edited: readonly Id[]
  readonly removed: readonly Id[]
  /** All that is held now. */
  readonly held: readonly Id[]
  /** Why the manifest stays as it was. */
  readonly failure?: BuildFailure
  /** The update before this one failed. */
  readonly recovered: boolean
}

/**
 * The manifest of a server in development. What was added or edited since the start is `held`, and an error keeps the
 * last good manifest, so that neither half a migration nor a typing error does any harm. Migrations are read when they
 * are loaded: while an error keeps others from knowing what was edited, all that a changed file may belong to is held.
 */
export class LiveManifest {
  readonly #scan: () => Promise<ScanResult>
  readonly #tell: (update: Update) => unknown
  readonly #start: Promise<void>
  readonly #follow = oncePerQuiet(() => this.#update())
  /** The end of all work that is known of. */
  #settled: Promise<void>
  /** Hashes at the start. */
  #baseline: ReadonlyMap<Id, string> | undefined
  /** Files that changed since the last scan without errors, or since the start, and the last event of each. */
  readonly #touched = new Map<string, number>()
  #good: BuiltManifest | undefined
  #failure: BuildFailure | undefined
  #watch: ScanResult['watch'] = { files: [], folders: [] }

  /** @param tell called after each update, once for all that changed together */
  constructor(scan: () => Promise<ScanResult>, tell: (update: Update) => unknown) {
    this.#scan = scan
    this.#tell = tell
    this.#start = this.#take()
    this.#settled = this.#start
  }

  /**
   * The last good manifest, after all changes that are known of: until then, what was edited would not be held.
   *
   * @throws BuildFailure when there was none yet
   */
  async current(): Promise<BuiltManifest> {
    let settled
    do {
      settled = this.#settled
      await settled
    } while (settled !== this.#settled)
    if (this.#good) return this.#good
    throw this.#failure ?? failureOf('the first scan was interrupted')
  }

  /** The last good manifest, if there was one. */
  get good(): BuiltManifest | undefined {
    return this.#good
  }

  /** What the last scan asks to be watched. */
  async watched(): Promise<ScanResult['watch']> {
    await this.#start
    return this.#watch
  }

  async isWatched(file: string): Promise<boolean> {
    const { files, folders } = await this.watched()
    return files.includes(file) || folders.some((folder) => isInside(file, folder))
  }

  /** A watched file changed. Resolves when the manifest knows. @param event its number, which grows from event to event */
  changed(file: string, event: number): Promise<void> {
    this.#touched.set(file, event)
    this.#settled = this.#follow(event)
    return this.#settled
  }

  async #update(): Promise<void> {
    await this.#start
    const before = hashesOf(this.#good?.data.migrations)
    const failed = this.#failure !== undefined
    await this.#take()
    const after = hashesOf(this.#good?.data.migrations)
    this.#tell({
      added: [...after.keys()].filter((id) => !before.has(id)),
      edited: [...after.keys()].filter((id) => before.has(id) && before.get(id) !== after.get(id)),
      removed: [...before.keys()].filter((id) => !after.has(id)),
      held: this.#good?.data.migrations.filter(({ held }) => held).map(({ id }) => id) ?? [],
      ...(this.#failure ? { failure: this.#failure } : {}),
      recovered: failed && !this.#failure,
    })
  }

  async #take(): Promise<void> {
    // What changes from here on may not be what is read.
    const seen = [...this.#touched]
    try {
      const scan = await this.#scan()
      this.#watch = scan.watch
      const baseline = this.#baseline ?? hashesOf(this.#untouched(scan))
      const held = scan.migrations.filter(({ id, hash }) => baseline.get(id) !== hash)
      this.#keep(buildManifest(scan, idsOf(held)))
      this.#baseline = baseline
      this.#failure = undefined
      for (const [file, event] of seen) if (this.#touched.get(file) === event) this.#touched.delete(file)
    } catch (error) {
      this.#failure = failureOf(error)
      if (this.#good) this.#keep(this.#heldBack(this.#good))
    }
  }

  /** The same manifest stays the same object: whoever was given it needs no other. */
  #keep(built: BuiltManifest): void {
    if (!this.#good || textOf(this.#good) !== textOf(built)) this.#good = built
  }

  #heldBack({ scan, data }: BuiltManifest): BuiltManifest {
    const untouched = idsOf(this.#untouched(scan))
    const held = data.migrations.filter((migration) => migration.held || !untouched.has(migration.id))
    return buildManifest(scan, idsOf(held))
  }

  /** All but what a changed file may belong to. */
  #untouched({ packages, migrations }: ScanResult): readonly ScannedMigration[] {
    const folders = packages.flatMap(({ folder }) => folder ?? [])
    const folderOf = (migration: ScannedMigration): string =>
      packages.find(({ name }) => name === migration.package)?.folder ?? ''
    const touched = [...this.#touched.keys()]
    const elsewhere = touched.some((file) => !folders.some((folder) => isInside(file, folder)))
    return migrations.filter((migration) => !elsewhere && !touched.some((file) => isInside(file, folderOf(migration))))
  }
}

function idsOf(migrations: readonly { readonly id: Id }[]): ReadonlySet<Id> {
  return new Set(migrations.map(({ id }) => id))
}

function hashesOf(
  migrations: readonly { readonly id: Id; readonly hash: string }[] | undefined,
): ReadonlyMap<Id, string> {
  return new Map(migrations?.map(({ id, hash }) => [id, hash]))
}

function textOf({ data, scan }: BuiltManifest): string {
  return JSON.stringify([data, scan.migrations.map(({ files, moduleFormat }) => [files, moduleFormat])])
}
