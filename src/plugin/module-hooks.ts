import { readFile } from 'node:fs/promises'
import type { UnpluginOptions } from 'unplugin'
import { sqlModule } from '../codegen/sql-module.ts'
import { type Loading, virtualModule } from '../codegen/virtual-module.ts'
import type { MigrationFile, ScanResult } from '../scan/result.ts'
import { clientImport } from './client-import.ts'
import { type Environment, environmentOf, isClient } from './environment.ts'
import { BuildFailure } from './failure.ts'
import { FAILED_MODULE, guard, type HostContext, warn } from './guard.ts'
import { RESOLVED_FILTER, RESOLVED_ID, SQL_FILTER, sqlFileOf, VIRTUAL_FILTER } from './ids.ts'
import type { Project } from './project.ts'
import { SQUASHES } from './squashes.ts'

/** `resolveId` and `load` for hosts with the hooks of Rollup. */
export function moduleHooks(project: Project): Pick<UnpluginOptions, 'resolveId' | 'load'> {
  const root = (): string => project.root
  return {
    resolveId: {
      filter: { id: VIRTUAL_FILTER },
      handler(_id, importer, options) {
        return guard(this as HostContext, root, RESOLVED_ID, () => {
          if (!isSearch(options)) refuseClient(project, environmentOf(this), importer)
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
          if (environment) project.serve(environment, manifest)
          const loading = loadingOf(project, environment)
          return { code: virtualModule(manifest.data, manifest.scan, loading, SQUASHES), map: null }
        })
      },
    },
  }
}

export async function sqlModuleOf({ file, down }: MigrationFile): Promise<string> {
  const texts = await Promise.all([file, down].map((path) => path && readFile(path, 'utf8')))
  return sqlModule(texts[0] ?? '', texts[1])
}

function refuseClient(project: Project, environment: Environment | undefined, importer: string | undefined): void {
  if (project.options.client || !environment || !isClient(environment)) return
  const where = `the client environment "${environment.name}"`
  throw new BuildFailure([clientImport(importer, where, project.root, 'error')])
}

function loadingOf({ options }: Project, environment: Environment | undefined): Loading {
  if (environment?.mode === 'dev' && !isClient(environment)) return 'lazy-require'
  return options.eager ? 'eager' : 'lazy'
}

/** Vite's search for dependencies to optimise only collects imports; the real one follows. */
function isSearch(options: object): boolean {
  return 'scan' in options && options.scan === true
}

/** For watching builds. A development server has a way of its own to follow files. */
function watched({ watch }: ScanResult): readonly string[] {
  return [...watch.files, ...watch.folders]
}
