/** What is read of a chunk of Rollup, Rolldown and Vite. */
export interface Chunk {
  readonly type: 'chunk'
  readonly isEntry: boolean
  readonly moduleIds: readonly string[]
  /** File names of chunks, and what is left external as the output imports it. */
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
}

/** What is called of a host in `generateBundle`. */
export interface BundleContext {
  getModuleIds(): Iterable<string>
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
  emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown
}

/** What a build makes, by file name. */
export type Bundle = Readonly<Record<string, Chunk | { readonly type: 'asset' }>>

export function chunksOf(bundle: Bundle): ReadonlyMap<string, Chunk> {
  return new Map(Object.entries(bundle).flatMap(([file, output]) => (output.type === 'chunk' ? [[file, output]] : [])))
}

/** All that the chunks import, lazily or not. */
export function importsOf(bundle: Bundle): ReadonlySet<string> {
  return new Set(
    [...chunksOf(bundle).values()].flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]),
  )
}

/** Modules that run when an entry is loaded, unless the bundler wraps what is imported lazily. */
export function modulesAtStart(bundle: Bundle): ReadonlySet<string> {
  const chunks = chunksOf(bundle)
  const reached = new Set([...chunks].flatMap(([file, { isEntry }]) => (isEntry ? [file] : [])))
  // A set is walked to the end of what is added meanwhile.
  for (const file of reached) for (const imported of chunks.get(file)?.imports ?? []) reached.add(imported)
  return new Set([...reached].flatMap((file) => chunks.get(file)?.moduleIds ?? []))
}

/**
 * Whether Rolldown wraps modules, so that each runs when it is asked for, wherever it stands. Its default gives what is
 * imported lazily a chunk of its own instead; only groups of chunks join them.
 */
export function wrapsModules(output: {
  readonly codeSplitting?: unknown
  readonly inlineDynamicImports?: unknown
  readonly strictExecutionOrder?: unknown
}): boolean {
  return output.codeSplitting === false || output.inlineDynamicImports === true || output.strictExecutionOrder === true
}
