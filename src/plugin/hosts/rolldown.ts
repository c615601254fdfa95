import { clientImport } from '../client-import.ts'
import { guard, warn } from '../guard.ts'
import { moduleHooks } from '../module-hooks.ts'
import type { Project } from '../project.ts'
import { wrapsModules } from './bundle.ts'
import { requireOwnChunks } from './chunk-order.ts'
import { emitManifest } from './emit-manifest.ts'
import type { HostHooks } from './host-hooks.ts'
import { warnOfUnused } from './server-bundle.ts'

/** Rolldown: it has platforms, and a folder of its own to work in. */
export function rolldownHost(project: Project): HostHooks {
  /** As the user wrote it. Without a word it is `browser` too, unless the output is CommonJS. */
  let platform: string | undefined
  let isWrapped = false
  const hooks = moduleHooks(project, {
    onImport(context, importer) {
      if (platform !== 'browser' || project.options.client) return
      warn(context, [clientImport(importer, 'the platform "browser"', project.root, 'warning')], project.root)
    },
  })
  return {
    ...hooks,
    rolldown: {
      options(options) {
        platform = options.platform
      },
      buildStart(options) {
        project.open(options.cwd)
        if (this.meta.watchMode) project.writesLock('never')
      },
      outputOptions(options) {
        isWrapped = wrapsModules(options)
        return null
      },
      generateBundle({ format }, bundle) {
        return guard(
          this,
          () => project.root,
          undefined,
          () => {
            const manifest = emitManifest(this, bundle, project)
            if (!manifest) return warnOfUnused(this, bundle, platform === 'node' || format === 'cjs', project.root)
            if (!isWrapped && !project.options.eager) requireOwnChunks(manifest, bundle, format)
          },
        )
      },
    },
  }
}
