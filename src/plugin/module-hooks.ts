import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnpluginOptions } from 'unplugin'
import { sqlModule } from '../codegen/sql-module.ts'
import { type Loading, virtualModule } from '../codegen/virtual-module.ts'
import type { MigrationFile, ScanResult } from '../scan/result.ts'
import { type Environment, environmentOf, isClient } from './environment.ts'
import { FAILED_MODULE, guard, type HostContext, warn } from './guard.ts'
import { RESOLVE_FILTER, RESOLVED_FILTER, RESOLVED_ID, SQL_FILTER, sqlFileOf, VIRTUAL_ID } from './ids.ts'
import type { Project } from './project.ts'
import { STRATEGIES, STRATEGY_FILTER, strategyFileOf } from './strategies.ts'

/** What a host has to say about the modules that are made for it. */
export interface HostRules {
  /** The manifest is imported. Throws a `BuildFailure` to refuse. */
  onImport?(context: HostContext, importer: string | undefined): void
  /** Whether migrations are imported together with the manifest. @default the option `eager` */
  isEager?(): boolean
}

/** `resolveId` and `load` for hosts with the hooks of Rollup. */
export function moduleHooks(project: Project, rules: HostRules = {}): Pick<UnpluginOptions, 'resolveId' | 'load'> {
  const root = (): string => project.root
  return {
    resolveId: {
      filter: { id: new RegExp(`${RESOLVE_FILTER.source}|${STRATEGY_FILTER.source}`) },
      handler(id, importer, options) {
        // Rollup looks for a file of that whole name.
        if (STRATEGY_FILTER.test(id)) return importer === RESOLVED_ID ? resolveStrategy(this, id, root()) : undefined
        if (id !== VIRTUAL_ID) return project.servedTo(environmentOf(this))?.sql.has(sqlFileOf(id)) ? id : undefined
        return guard(this as HostContext, root, RESOLVED_ID, () => {
          if (!isSearch(options)) rules.onImport?.(this as HostContext, importer)
          return RESOLVED_ID
        })
      },
    },
    load: {
      filter: { id: [RESOLVED_FILTER, SQL_FILTER] },
      handler(id) {
        return guard(this as HostContext, root, { code: FAILED_MODULE, map: null }, async () => {
          if (id !== RESOLVED_ID) {
            const sql = (await project.manifest()).sql.get(sqlFileOf(id))
            return sql && { code: await sqlModuleOf(sql), map: null }
          }
          const environment = environmentOf(this)
          if (environment?.mode !== 'dev') for (const path of watched(await project.scan())) this.addWatchFile(path)
          const manifest = await project.manifest()
          warn(this as HostContext, project.news(manifest.scan), project.root)
          project.serve(environment, manifest)
          const loading = loadingOf(rules.isEager?.() ?? project.options.eager ?? false, environment)
          return { code: virtualModule(manifest.data, manifest.scan, loading, STRATEGIES), map: null }
        })
      },
    },
  }
}

/** As a file of the application would: what is virtual has no place that hosts resolve from. */
async function resolveStrategy(context: object, id: string, root: string): Promise<{ readonly id: string }> {
  const { resolve } = context as HostContext
  const found = await resolve?.call(context, id, join(root, 'package.json'), { skipSelf: true })
  return found ?? { id: strategyFileOf(id) }
}

export async function sqlModuleOf({ file, down }: MigrationFile): Promise<string> {
  const texts = await Promise.all([file, down].map((path) => path && readFile(path, 'utf8')))
  return sqlModule(texts[0] ?? '', texts[1])
}

function loadingOf(isEager: boolean, environment: Environment | undefined): Loading {
  if (environment?.mode === 'dev' && !isClient(environment)) return 'lazy-require'
  return isEager ? 'eager' : 'lazy'
}

/** Vite's search for dependencies to optimise only collects imports; the real one follows. */
function isSearch(options: object): boolean {
  return 'scan' in options && options.scan === true
}

/** For watching builds. A development server has a way of its own to follow files. */
function watched({ watch }: ScanResult): readonly string[] {
  return [...watch.files, ...watch.folders]
}
