import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { setUpEsbuild } from './hosts/esbuild.ts'
import { viteHooks } from './hosts/vite.ts'
import { PLUGIN_NAME } from './ids.ts'
import { moduleHooks } from './module-hooks.ts'
import type { Options } from './options.ts'
import { Project } from './project.ts'

export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin((options = {}, meta) => {
  const project = new Project(options)
  // unplugin's own esbuild hooks know no folders to watch, no notes, and no `outfile`.
  if (meta.framework === 'esbuild') {
    return { name: PLUGIN_NAME, esbuild: { setup: (build) => setUpEsbuild(build, project) } }
  }
  return { name: PLUGIN_NAME, ...moduleHooks(project), vite: viteHooks(project) }
})
