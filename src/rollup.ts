/**
 * The plugin for Rollup.
 *
 * @module
 */
import type { Plugin } from 'rollup'
import { unplugin } from './index.ts'
import type { Options } from './plugin/options.ts'

/**
 * Rollup itself reads JavaScript and ES modules only: migrations in TypeScript or CommonJS need the plugins that the
 * rest of an application in them needs.
 *
 * @example
 * ```js
 * // rollup.config.js
 * import commonjs from '@rollup/plugin-commonjs'
 * import nodeResolve from '@rollup/plugin-node-resolve'
 * import esbuild from 'rollup-plugin-esbuild'
 * import migrations from 'unplugin-migrations/rollup'
 *
 * export default {
 *   input: 'src/server.ts',
 *   output: { dir: 'dist' },
 *   plugins: [migrations(), nodeResolve(), commonjs(), esbuild()],
 * }
 * ```
 */
const rollup: (options?: Options) => Plugin = unplugin.rollup

export default rollup
export { rollup as 'module.exports' }
