import { resolve } from 'node:path'
import { isCI, isTest } from 'std-env'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { LockUse } from '../scan/lock/use.ts'
import type { ScanOptions } from '../scan/options.ts'
import type { ScanResult } from '../scan/result.ts'
import { scan } from '../scan/scan.ts'
import { type BuiltManifest, buildManifest } from './built-manifest.ts'
import { LiveManifest, type Update } from './live-manifest.ts'
import type { Options } from './options.ts'
import { writeLock } from './write-lock.ts'
import { writeTypes } from './write-types.ts'

/** What one instance of the plugin knows: one scan, shared by all environments of a build. */
export class Project {
  readonly options: Options
  #root = process.cwd()
  #scan: Promise<ScanResult> | undefined
  #last: ScanResult | undefined
  #live: LiveManifest | undefined
  #built: BuiltManifest | undefined
  #lockWriting: 'at once' | 'later' | 'never' = 'at once'
  readonly #told = new Set<string>()
  readonly #served = new WeakMap<object, BuiltManifest>()

  constructor(options: Options) {
    this.options = options
  }

  /** What paths are shown relative to. */
  get root(): string {
    return this.#root
  }

  /** Called by the host when it knows its own root. */
  open(hostRoot: string): void {
    this.#root = resolve(hostRoot, this.options.root ?? '')
    this.forget()
  }

  /** From now on the manifest follows the files: what changes is held, and an error keeps the last good one. */
  follow(tell: (update: Update) => unknown): LiveManifest {
    this.#live = new LiveManifest(() => this.rescan(), tell)
    return this.#live
  }

  /**
   * Called by the host when it knows: what watches never writes the lock file, and what cannot tell yet whether it watches
   * calls `writeLock` when it has ended.
   */
  writesLock(when: 'at once' | 'later' | 'never'): void {
    this.#lockWriting = when
  }

  /** Writes what the lock file lacks by the last scan. Called by a host that writes it later. */
  writeLock(): void {
    if (this.#last && this.#lockMode() === 'build') writeLock(this.#last)
  }

  /** The last scan, or a first one. Lazy: many builds never import the manifest. */
  scan(): Promise<ScanResult> {
    return (this.#scan ??= this.rescan())
  }

  /** @throws BuildFailure with all errors of the scan */
  async manifest(): Promise<BuiltManifest> {
    if (this.#live) return this.#live.current()
    const scanned = await this.scan()
    // Each module of a `.sql` file asks.
    if (this.#built?.scan !== scanned) this.#built = buildManifest(scanned)
    return this.#built
  }

  /** Files may have changed: the next question scans again. */
  forget(): void {
    this.#scan = undefined
  }

  /** Remembers what an environment of the host was given. A host without environments is one by itself. */
  serve(environment: object | undefined, manifest: BuiltManifest): void {
    this.#served.set(environment ?? this, manifest)
  }

  servedTo(environment: object | undefined): BuiltManifest | undefined {
    return this.#served.get(environment ?? this)
  }

  /** Warnings that were not told before. Each environment asks, and each scan finds them again. */
  news(scanned: ScanResult): readonly Diagnostic[] {
    const warnings = scanned.diagnostics.filter(({ severity }) => severity === 'warning')
    const news = warnings.filter((warning) => !this.#told.has(JSON.stringify(warning)))
    for (const warning of news) this.#told.add(JSON.stringify(warning))
    return news
  }

  rescan(): Promise<ScanResult> {
    const { path, packages } = this.options
    const options: ScanOptions = {
      root: this.#root,
      ...(path === undefined ? {} : { path }),
      ...(packages === undefined ? {} : { packages }),
      lock: { mode: this.#lockMode(), accept: [] },
    }
    return (this.#scan = scan(options).then((result) => this.#written(result)))
  }

  #lockMode(): LockUse['mode'] {
    if (this.options.frozen ?? isCI) return 'frozen'
    return isTest || this.#live || this.#lockWriting === 'never' ? 'follow' : 'build'
  }

  #written(result: ScanResult): ScanResult {
    this.#last = result
    const warnings = [
      writeTypes(result, this.options.types),
      this.#lockMode() === 'build' && this.#lockWriting === 'at once' ? writeLock(result) : undefined,
    ].filter((warning) => warning !== undefined)
    return warnings.length > 0 ? { ...result, diagnostics: [...result.diagnostics, ...warnings] } : result
  }
}
