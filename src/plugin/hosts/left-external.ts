import { SQL_SUFFIX } from '../../codegen/sql-module.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { importSite } from '../client-import.ts'
import { formatPath } from '../../scan/report/format-diagnostic.ts'
import { VIRTUAL_ID } from '../ids.ts'
import { STRATEGIES, strategyFileOf } from '../strategies.ts'
import type { BundleContext } from './bundle.ts'

const FIX = `Let \`external\` match neither "${VIRTUAL_ID}" nor absolute paths. It is asked before any plugin is.`

/** The manifest, or what it leads to, that the output imports instead of holding it. */
export function leftExternal(
  imports: ReadonlySet<string>,
  manifest: BuiltManifest | undefined,
  context: BundleContext,
  root: string,
): Diagnostic | undefined {
  if (imports.has(VIRTUAL_ID)) {
    const message = `${VIRTUAL_ID} is left out of the bundle as external, and exists nowhere else.`
    return { code: 'MIG_B0407', severity: 'error', message, fix: FIX, sources: importersOf(context).map(importSite) }
  }
  const files = manifest?.scan.migrations.flatMap((migration) => migration.files.map(({ file }) => file)) ?? []
  const left = [...files, ...Object.values(STRATEGIES).map(strategyFileOf)].filter(
    (file) => imports.has(file) || imports.has(file + SQL_SUFFIX),
  )
  if (left.length === 0) return undefined
  const names = left.map((file) => formatPath(file, root)).join(', ')
  const message = `What the manifest leads to is left out of the bundle as external, and is found on this machine only: ${names}.`
  return { code: 'MIG_B0407', severity: 'error', message, fix: FIX, sources: [] }
}

function importersOf(context: BundleContext): readonly string[] {
  return [...context.getModuleIds()].filter((id) => context.getModuleInfo(id)?.importedIds.includes(VIRTUAL_ID))
}
