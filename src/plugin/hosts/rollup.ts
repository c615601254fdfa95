import type { Plugin } from 'rollup'
import { guard, warn } from '../guard.ts'
import { moduleHooks } from '../module-hooks.ts'
import type { Project } from '../project.ts'
import { ranAtStart, requireOwnChunks } from './chunk-order.ts'
import { emitManifest } from './emit-manifest.ts'
import type { HostHooks } from './host-hooks.ts'
import { isTypeScriptOf, requireExports, requireJavaScript } from './rollup-loaders.ts'
import { warnOfUnused } from './server-bundle.ts'

/**
 * Rollup reads only ES modules in JavaScript. It wraps no module: what it puts into one file runs from top to bottom,
 * and what is imported lazily comes last, behind a server that waits for it at its top level. What is imported eagerly
 * comes first.
 */
export function rollupHost(project: Project): HostHooks {
  let isInlined = false
  const isEager = (): boolean => project.options.eager ?? isInlined
  const options = (given: object): void => {
    isInlined = outputsOf(given).some(({ inlineDynamicImports }) => inlineDynamicImports === true)
  }
  return { ...moduleHooks(project, { isEager }), rollup: { options, ...rollupHooks(project, isEager) } }
}

/** Rollup's own types do not say that a file of configuration and the watcher leave the outputs in their place. */
function outputsOf(given: object): readonly { readonly inlineDynamicImports?: unknown }[] {
  const output: unknown = 'output' in given ? given.output : []
  const outputs: readonly unknown[] = Array.isArray(output) ? output : [output]
  return outputs.filter((each) => typeof each === 'object' && each !== null)
}

function rollupHooks(project: Project, isEager: () => boolean): Partial<Plugin> {
  const root = (): string => project.root
  return {
    buildStart() {
      project.open(process.cwd())
      if (this.meta.watchMode) project.writesLock('never')
    },
    transform: {
      // What all other plugins leave of a migration is what Rollup reads.
      order: 'post',
      handler(code, id) {
        const manifest = project.servedTo(undefined)
        if (!manifest || !isTypeScriptOf(manifest, id)) return
        return guard(this, root, undefined, () => requireJavaScript(code, id, (text) => this.parse(text), project.root))
      },
    },
    moduleParsed({ id, exports }) {
      const manifest = project.servedTo(undefined)
      if (!manifest || exports?.length !== 0) return
      return guard(this, root, undefined, () => requireExports(manifest, id, project.root))
    },
    generateBundle({ format }, bundle) {
      return guard(this, root, undefined, () => {
        const manifest = emitManifest(this, bundle, project)
        if (!manifest) return warnOfUnused(this, bundle, format === 'cjs', project.root)
        if (!isEager()) requireOwnChunks(manifest, bundle, format)
        const problem = project.options.eager ? undefined : ranAtStart(manifest, bundle)
        if (problem) warn(this, [problem], project.root)
      })
    },
  }
}
