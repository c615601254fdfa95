import type { MigrationFile, ScannedMigration } from '../scan/result.ts'
import type { ManifestData, ScannedOrder } from './manifest-data.ts'
import { SQL_SUFFIX } from './sql-module.ts'
import { type StrategyModules, strategiesOf } from './strategies.ts'

/**
 * How a migration's code is reached.
 *
 * - `lazy` imported when it is pending
 * - `eager` imported with the manifest
 * - `lazy-require` lazy, and CommonJS is left to Node: Vite's development server cannot import it by its path
 */
export type Loading = 'lazy' | 'eager' | 'lazy-require'

/**
 * The text of `virtual:migrations`: plain ES2022, whose only imports are absolute paths, `modules` and, for CommonJS, Node's.
 *
 * @param modules imported where the migrations ask for them
 */
export function virtualModule(
  data: ManifestData,
  scan: ScannedOrder,
  loading: Loading,
  modules: StrategyModules,
): string {
  const strategies = strategiesOf(data)
  const statics = strategies.map((name) => `import ${name} from ${JSON.stringify(modules[name])}\n`)
  const rows = scan.migrations.map((migration, index) => {
    const loader = loaderOf(migration, (file) => codeOf(file, migration, loading, statics))
    return `    ${JSON.stringify(data.migrations[index]).slice(0, -1)},"load":${loader}},\n`
  })
  const { migrations: _, ...head } = data
  const needsRequire = loading === 'lazy-require' && scan.migrations.some(isCommonJs)
  return `${statics.join('')}${needsRequire ? LOAD_COMMON_JS : ''}export default {
${Object.entries(head)
  .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
  .join('')}${strategies.map((name) => `  ${name},\n`).join('')}  "migrations": [
${rows.join('')}  ],
}
`
}

function loaderOf({ id, files }: ScannedMigration, code: (file: MigrationFile) => string): string {
  const [only] = files
  if (only.dialect === undefined) return `() => ${code(only)}`
  const choices = files.map((file) => `dialect === ${JSON.stringify(file.dialect)} ? ${code(file)} : `)
  const message = JSON.stringify(`${id} has no text for the SQL dialect `)
  return `(dialect) => ${choices.join('')}Promise.reject(new Error(${message} + dialect))`
}

function codeOf({ file }: MigrationFile, migration: ScannedMigration, loading: Loading, statics: string[]): string {
  const specifier = JSON.stringify(migration.format === 'sql' ? file + SQL_SUFFIX : file)
  if (loading === 'lazy-require' && isCommonJs(migration)) return `loadCommonJs(${specifier})`
  if (loading !== 'eager') return `import(${specifier})`
  const name = `module${statics.length}`
  statics.push(`import * as ${name} from ${specifier}\n`)
  return `Promise.resolve(${name})`
}

function isCommonJs({ format, moduleFormat }: ScannedMigration): boolean {
  return format === 'module' && moduleFormat === 'cjs'
}

// Node keeps what it required. A linked package may have been edited since, its helpers beside the migration too.
const LOAD_COMMON_JS = `import { createRequire } from "node:module"
import { dirname } from "node:path"
async function loadCommonJs(file) {
  const require = createRequire(file)
  const folder = dirname(require.resolve(file))
  for (const key of Object.keys(require.cache)) if (key.startsWith(folder)) delete require.cache[key]
  return { default: require(file) }
}
`
