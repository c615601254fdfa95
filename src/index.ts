/**
 * The plugin for every bundler that has an entry of its own: `unplugin-migrations/vite`, `/rollup`, `/rolldown`,
 * `/esbuild`.
 *
 * @module
 */
export { unplugin, unplugin as default } from './plugin/unplugin.ts'
export type { Options } from './plugin/options.ts'
