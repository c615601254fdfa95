/**
 * The plugin for esbuild.
 *
 * @module
 */
import type { Plugin } from 'esbuild'
import { unplugin } from './index.ts'
import type { Options } from './plugin/options.ts'

/**
 * @example
 * ```ts
 * import { build } from 'esbuild'
 * import migrations from 'unplugin-migrations/esbuild'
 *
 * await build({
 *   entryPoints: ['src/server.ts'],
 *   bundle: true,
 *   platform: 'node',
 *   format: 'esm',
 *   outdir: 'dist',
 *   plugins: [migrations()],
 * })
 * ```
 */
const esbuild: (options?: Options) => Plugin = unplugin.esbuild

export default esbuild
export { esbuild as 'module.exports' }
