import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { esbuildHost } from './hosts/esbuild.ts'
import type { HostHooks } from './hosts/host-hooks.ts'
import { rolldownHost } from './hosts/rolldown.ts'
import { rollupHost } from './hosts/rollup.ts'
import { viteHost } from './hosts/vite.ts'
import { PLUGIN_NAME } from './ids.ts'
import { moduleHooks } from './module-hooks.ts'
import type { Options } from './options.ts'
import { Project } from './project.ts'

/** Hosts with ways of their own. */
const HOSTS: ReadonlyMap<string, (project: Project) => HostHooks> = new Map([
  ['esbuild', esbuildHost],
  ['rolldown', rolldownHost],
  ['rollup', rollupHost],
  ['vite', viteHost],
])

export const unplugin: UnpluginInstance<Options | undefined, false> = createUnplugin((options = {}, { framework }) => {
  const project = new Project(options)
  const hooks = HOSTS.get(framework)?.(project) ?? moduleHooks(project)
  return { name: PLUGIN_NAME, ...hooks }
})
