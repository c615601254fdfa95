import unplugin, { type Options } from 'unplugin-migrations'
import type { Plugin } from 'vite'

const options: Options = { path: 'migrations', packages: { '@acme/images': false }, types: true }
export const plugin: Plugin = unplugin.vite(options)

// @ts-expect-error an option that does not exist
unplugin.esbuild({ paths: 'migrations' })
