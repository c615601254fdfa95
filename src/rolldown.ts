/**
 * The plugin for Rolldown.
 *
 * @module
 */
import type { Plugin } from 'rolldown'
import { unplugin } from './index.ts'
import type { Options } from './plugin/options.ts'

/**
 * @example
 * ```js
 * // rolldown.config.js
 * import { defineConfig } from 'rolldown'
 * import migrations from 'unplugin-migrations/rolldown'
 *
 * export default defineConfig({
 *   input: 'src/server.ts',
 *   platform: 'node',
 *   output: { dir: 'dist' },
 *   plugins: [migrations()],
 * })
 * ```
 */
const rolldown: (options?: Options) => Plugin = unplugin.rolldown

export default rolldown
export { rolldown as 'module.exports' }
