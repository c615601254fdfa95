/**
 * The plugin for Vite.
 *
 * @module
 */
import type { Plugin } from 'vite'
import { unplugin } from './index.ts'
import type { Options } from './plugin/options.ts'

/**
 * @example
 * ```ts
 * // vite.config.ts
 * import migrations from 'unplugin-migrations/vite'
 * import { defineConfig } from 'vite'
 *
 * export default defineConfig({ plugins: [migrations()] })
 * ```
 */
const vite: (options?: Options) => Plugin = unplugin.vite

export default vite
export { vite as 'module.exports' }
