import { SQL_SUFFIX } from '../codegen/sql-module.ts'

export const PLUGIN_NAME = 'unplugin-migrations'

export const VIRTUAL_ID = 'virtual:migrations'

/** No slash: unplugin's esbuild host takes the folder of the id for the place that its imports resolve from. */
export const RESOLVED_ID: string = `\0${VIRTUAL_ID}`

/** Exact, and regular expressions: hosts evaluate them natively, and Rolldown takes nothing else in `resolveId`. */
export const VIRTUAL_FILTER: RegExp = /^virtual:migrations$/
export const RESOLVED_FILTER: RegExp = new RegExp(`^${RESOLVED_ID}$`)
export const SQL_FILTER: RegExp = /\.sql\?migration$/
/** `resolveId` takes one expression. */
export const RESOLVE_FILTER: RegExp = new RegExp(`${VIRTUAL_FILTER.source}|${SQL_FILTER.source}`)

/** The file of an id that `SQL_FILTER` matches. */
export function sqlFileOf(id: string): string {
  return id.slice(0, -SQL_SUFFIX.length)
}

/** Emitted beside the bundle. */
export const MANIFEST_FILE = 'migrations.manifest.json'

/** The same in development, where nothing is emitted. */
export const MANIFEST_URL = '/__migrations.json'

/** Written beside the application's package.json. */
export const TYPES_FILE = 'migrations-env.d.ts'
