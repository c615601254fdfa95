import type { Id } from '../../graph/manifest.ts'
import { type Carrier, originOf } from './carriers.ts'
import type { Draft } from '../draft.ts'
import { FileReport } from '../report/file-report.ts'
import type { MigrationFiles } from '../files.ts'
import { canonicalFile, type HashContext } from '../hash/canonical-file.ts'
import { hashModule } from '../hash/hash-module.ts'
import { readModule } from '../sources/module.ts'
import { type Modules, UnreadableFile } from '../hash/modules.ts'
import { PackageTypes } from './package-type.ts'
import type { SourceText } from '../report/position.ts'
import { type Report, sourceOf } from '../report/report.ts'
import { readSql } from '../sources/sql.ts'

export interface ReadPackage {
  readonly drafts: readonly Draft[]
  /** Ids of files that could not be read or parsed: they are not missing, only unknown. */
  readonly unread: readonly Id[]
}

/** Reads migrations of a package, those in `files`: modules first, since `.sql` files run on the roles that those use. */
export async function readPackage(
  carrier: Carrier,
  files: readonly MigrationFiles[],
  modules: Modules,
  report: Report,
): Promise<ReadPackage> {
  const origin = originOf(carrier.instance)
  const reportOn = (source: SourceText): FileReport => new FileReport(report, source, origin)
  const types = new PackageTypes()
  const context: HashContext = { modules, folder: carrier.folder, known: new Map() }
  const read = await inTurn(
    files.filter(({ format }) => format === 'module'),
    (each) =>
      readable(each, origin, report, async () => {
        const module = await modules.parse(each.files[0].file)
        const { source } = module
        const fileReport = reportOn(source)
        const migration = readModule(module, types.of(source.file, carrier.instance.root), fileReport)
        if (!migration) return undefined
        const canonical = canonicalFile(module, migration.skip, context, fileReport)
        const { metadata, moduleFormat } = migration
        return { files: each, source, metadata, moduleFormat, canonical, report: fileReport }
      }),
  )
  const drafts = await inTurn(read, ({ canonical, report: fileReport, ...each }) =>
    readable(each.files, origin, report, async (): Promise<Draft> => {
      const { uses = new Map(), has, id } = each.metadata
      const hash = await hashModule(each.source.file, canonical, each.files.beside, context, fileReport)
      return { carrier, ...each, ...identify(carrier, each.files, id), uses, has, hash }
    }),
  )
  const roles = sqlRoles(carrier, drafts)
  const texts = await inTurn(
    files.filter(({ format }) => format === 'sql'),
    (each) =>
      readable(each, origin, report, async (): Promise<Draft> => {
        const { source, metadata, uses, has, hash } = await readSql(each.files, roles, modules, reportOn)
        return {
          carrier,
          files: each,
          source,
          ...identify(carrier, each, metadata.id),
          metadata,
          uses,
          has,
          moduleFormat: 'esm',
          hash,
        }
      }),
  )
  const all = [...drafts, ...texts]
  const done = new Set(all.map((draft) => draft.files))
  return {
    drafts: all,
    unread: files.filter((each) => !done.has(each)).map((each) => identify(carrier, each, undefined).id),
  }
}

function identify(
  carrier: Carrier,
  files: MigrationFiles,
  id: string | undefined,
): { readonly name: string; readonly id: Id } {
  const name = id ?? files.name
  return { name, id: `${carrier.identity}:${name}` }
}

/** The package's roles of kind `sql`: those of its field, else those that its modules use. */
function sqlRoles({ field }: Carrier, modules: readonly Draft[]): readonly string[] {
  const said = Object.entries(field.uses ?? {})
  const used = said.length > 0 ? said : modules.flatMap(({ uses }) => [...uses])
  return [...new Set(used.filter(([, kind]) => kind === 'sql').map(([role]) => role))]
}

async function readable<T>(
  { name }: MigrationFiles,
  origin: string,
  report: Report,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    report.error('MIG_B0214', {
      message: `${error.file} of the migration ${name} cannot be read: ${error.message}.${origin}`,
      fix: 'Check the file: that it is there, that it is text in UTF-8, and its permissions.',
      sources: [sourceOf(error.file)],
    })
    return undefined
  }
}

/** One after the other, so that what is wrong is always told in the same order. */
async function inTurn<In, Out>(
  items: readonly In[],
  work: (item: In) => Promise<Out | undefined>,
): Promise<readonly Out[]> {
  const done: Out[] = []
  for (const item of items) {
    const made = await work(item)
    if (made !== undefined) done.push(made)
  }
  return done
}
