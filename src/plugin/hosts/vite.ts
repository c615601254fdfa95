import type { Plugin, ResolvedConfig } from 'vite'
import { manifestJson } from '../../codegen/manifest-json.ts'
import { environmentOf } from '../environment.ts'
import { unusedManifest } from '../unused-manifest.ts'
import { formatWarning } from '../format-diagnostic.ts'
import { MANIFEST_FILE, RESOLVED_ID } from '../ids.ts'
import type { Project } from '../project.ts'
import { viteServerHooks } from './vite-server.ts'

/** What Vite has beside the hooks of Rollup: environments, and a development server. */
export function viteHooks(project: Project): Partial<Plugin> {
  let config: ResolvedConfig | undefined
  let isImported = false
  return {
    // One scan for all environments of a build. Otherwise each would have its own instance of the plugin.
    sharedDuringBuild: true,
    configResolved(resolved) {
      config = resolved
      project.open(resolved.root)
    },
    ...viteServerHooks(project),
    watchChange() {
      if (config?.command === 'build') project.forget()
    },
    generateBundle: {
      // Vite drops what server environments emit before (`build.ssrEmitAssets`).
      order: 'post',
      handler() {
        const environment = environmentOf(this)
        if (environment?.config.consumer !== 'server') return
        const manifest = this.getModuleInfo(RESOLVED_ID) ? project.servedTo(environment) : undefined
        if (manifest) {
          isImported = true
          this.emitFile({ type: 'asset', fileName: MANIFEST_FILE, source: manifestJson(manifest.data) })
        } else if (!isImported) {
          config?.logger.warn(formatWarning(unusedManifest(`the environment "${environment.name}"`), project.root))
        }
      },
    },
  }
}
