import type { Plugin, ResolvedConfig } from 'vite'
import { clientImport } from '../client-import.ts'
import { environmentOf, isClient } from '../environment.ts'
import { BuildFailure } from '../failure.ts'
import { formatWarning } from '../../scan/report/format-diagnostic.ts'
import { guard } from '../guard.ts'
import { moduleHooks } from '../module-hooks.ts'
import type { Project } from '../project.ts'
import { unusedManifest } from '../unused-manifest.ts'
import { wrapsModules } from './bundle.ts'
import { requireOwnChunks } from './chunk-order.ts'
import { emitManifest } from './emit-manifest.ts'
import type { HostHooks } from './host-hooks.ts'
import { viteServerHooks } from './vite-server.ts'

/** What Vite has beside the hooks of Rollup: environments, and a development server. */
export function viteHost(project: Project): HostHooks {
  const hooks = moduleHooks(project, {
    onImport(context, importer) {
      const environment = environmentOf(context)
      if (project.options.client || !environment || !isClient(environment)) return
      const where = `the client environment "${environment.name}"`
      throw new BuildFailure([clientImport(importer, where, project.root, 'error')])
    },
  })
  return { ...hooks, vite: viteHooks(project) }
}

function viteHooks(project: Project): Partial<Plugin> {
  let config: ResolvedConfig | undefined
  let isImported = false
  /** Environments whose build wraps modules. */
  const wrapped = new WeakSet<object>()
  return {
    // One scan for all environments of a build. Otherwise each would have its own instance of the plugin.
    sharedDuringBuild: true,
    configResolved(resolved) {
      config = resolved
      project.open(resolved.root)
      if (resolved.command === 'serve' || resolved.build.watch) project.writesLock('never')
    },
    ...viteServerHooks(project),
    watchChange() {
      if (config?.command === 'build') project.forget()
    },
    outputOptions(options) {
      const environment = environmentOf(this)
      if (environment && wrapsModules(options)) wrapped.add(environment)
      return null
    },
    generateBundle: {
      // Vite drops what server environments emit before (`build.ssrEmitAssets`).
      order: 'post',
      handler({ format }, bundle) {
        const environment = environmentOf(this)
        if (environment?.config.consumer !== 'server') return
        return guard(
          this,
          () => project.root,
          undefined,
          () => {
            const manifest = emitManifest(this, bundle, project, environment)
            if (manifest) {
              isImported = true
              if (!project.options.eager && !wrapped.has(environment)) requireOwnChunks(manifest, bundle, format)
            }
            if (isImported) return
            config?.logger.warn(formatWarning(unusedManifest(`the environment "${environment.name}"`), project.root))
          },
        )
      },
    },
  }
}
