import { relative } from 'node:path'
import type { OnLoadResult, PluginBuild } from 'esbuild'
import { virtualModule } from '../../codegen/virtual-module.ts'
import { entriesBelow } from '../../scan/entries-below.ts'
import { isFolder } from '../../scan/paths.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { clientImport } from '../client-import.ts'
import { failureOf } from '../failure.ts'
import { PLUGIN_NAME, SQL_FILTER, sqlFileOf, VIRTUAL_FILTER } from '../ids.ts'
import { sqlModuleOf } from '../module-hooks.ts'
import type { Project } from '../project.ts'
import { STRATEGIES, STRATEGY_FILTER, strategyFileOf } from '../strategies.ts'
import { unusedManifest } from '../unused-manifest.ts'
import { emitManifest } from './esbuild-emit.ts'
import { writeLockAtTheEnd } from './esbuild-lock.ts'
import { messageOf, messagesOf } from './esbuild-message.ts'
import type { HostHooks } from './host-hooks.ts'

/** esbuild, without unplugin's hooks: they know no folders to watch, no notes, and no `outfile`. */
export function esbuildHost(project: Project): HostHooks {
  return { esbuild: { setup: (build) => setUpEsbuild(build, project) } }
}

/** esbuild watches the names in a folder, and not in those below it. */
function withFoldersBelow(folder: string): readonly string[] {
  if (!isFolder(folder)) return [folder]
  const below = [...entriesBelow(folder)].filter(({ entry }) => entry.isDirectory())
  return [folder, ...below.map(({ path }) => `${folder}/${path}`)]
}

function setUpEsbuild(build: PluginBuild, project: Project): void {
  const { initialOptions } = build
  const folder = initialOptions.absWorkingDir ?? process.cwd()
  let manifest: BuiltManifest | undefined
  project.open(folder)
  writeLockAtTheEnd(build, project)

  build.onStart(() => {
    manifest = undefined
    project.forget()
  })

  build.onResolve({ filter: VIRTUAL_FILTER }, ({ path, importer, namespace }) => {
    const target = { path, namespace: PLUGIN_NAME }
    // Without a word of the user it is `browser` too, so this is no proof.
    if (initialOptions.platform !== 'browser' || project.options.client) return target
    const file = namespace === 'file' ? importer : undefined
    const warning = clientImport(file, 'the platform "browser"', project.root, 'warning')
    return { ...target, warnings: [messageOf(warning, folder, project.root)] }
  })

  // Comments in the output name what modules are made of, so the path is relative.
  build.onResolve({ filter: SQL_FILTER, namespace: PLUGIN_NAME }, ({ path }) => ({
    path: relative(folder, path).replaceAll('\\', '/'),
    namespace: PLUGIN_NAME,
    pluginData: sqlFileOf(path),
  }))

  build.onResolve({ filter: STRATEGY_FILTER, namespace: PLUGIN_NAME }, async ({ path, kind }) => {
    const { errors, ...found } = await build.resolve(path, { kind, resolveDir: folder })
    return errors.length > 0 ? { path: strategyFileOf(path) } : found
  })

  const guarded = async (work: () => Promise<OnLoadResult>): Promise<OnLoadResult> => {
    try {
      return await work()
    } catch (error) {
      const { diagnostics, cause } = failureOf(error)
      return { errors: messagesOf(diagnostics, folder, project.root, cause) }
    }
  }

  build.onLoad({ filter: VIRTUAL_FILTER, namespace: PLUGIN_NAME }, async () => {
    const watched: { watchFiles?: string[]; watchDirs?: string[] } = {}
    const result = await guarded(async () => {
      const { watch } = await project.scan()
      watched.watchFiles = [...watch.files]
      watched.watchDirs = watch.folders.flatMap(withFoldersBelow)
      manifest = await project.manifest()
      const { data, scan } = manifest
      return {
        contents: virtualModule(data, scan, project.options.eager ? 'eager' : 'lazy', STRATEGIES),
        loader: 'js',
        resolveDir: folder,
        warnings: project.news(scan).map((warning) => messageOf(warning, folder, project.root)),
      }
    })
    return { ...watched, ...result }
  })

  build.onLoad({ filter: SQL_FILTER, namespace: PLUGIN_NAME }, ({ pluginData }) =>
    guarded(async () => {
      const sql = manifest?.sql.get(String(pluginData))
      if (!sql) throw new Error(`${String(pluginData)} is not a migration`)
      return { contents: await sqlModuleOf(sql), loader: 'js' }
    }),
  )

  build.onEnd(async (result) => {
    if (result.errors.length > 0) return undefined
    if (manifest) {
      const { data } = manifest
      return guarded(async () => (await emitManifest(data, initialOptions, folder, result), {}))
    }
    if (initialOptions.platform !== 'node') return undefined
    return { warnings: [messageOf(unusedManifest('the bundle'), folder, project.root)] }
  })
}
