import type { Application } from './application.ts'
import { type PackageField, readField } from './field.ts'
import { givenOptions } from './given-options.ts'
import { folderInside, type FolderProblem } from './folder.ts'
import { nearest } from '../metadata/nearest.ts'
import { roleFor, roleProblem } from '../metadata/roles.ts'
import { packageNameProblem, shownName } from '../metadata/name.ts'
import type { PackageOption, ScanOptions } from '../options.ts'
import { offsetOf } from './package-json.ts'
import type { PackageInstance } from './packages.ts'
import { packageOption } from '../report/package-option.ts'
import { type Report, sourceAt, sourceOf } from '../report/report.ts'
import type { IgnoredPackageField } from '../result.ts'

/** A package that brings migrations. */
export interface Carrier {
  readonly instance: PackageInstance
  /** What ids begin with. */
  readonly identity: string
  /** Real path of its folder of migrations. */
  readonly folder: string
  readonly field: PackageField
}

/** What the application and its packages say about themselves, before anything of it is compared. */
export interface Carriers {
  readonly carriers: readonly Carrier[]
  readonly ignored: readonly IgnoredPackageField[]
  /** Folders that are not there, but would count if they came. */
  readonly missing: readonly string[]
  /** Identities of packages whose folder cannot be used: what refers to them is no mistake of its own. */
  readonly unusable: ReadonlySet<string>
}

export function findCarriers(
  application: Application,
  instances: readonly PackageInstance[],
  options: ScanOptions,
  report: Report,
): Carriers {
  const given = givenOptions(options, report)
  const carriers: Carrier[] = []
  const ignored: IgnoredPackageField[] = []
  const missing: string[] = []
  const unusable = new Set<string>()
  for (const instance of instances) {
    const isApplication = instance.root === application.root
    const option = given.get(instance.name)
    if (option === false) continue
    const field = fieldOf(instance, option, ignored, report)
    if (!field && !isApplication) continue
    const merged = overridden(field, isApplication && options.path !== undefined ? { path: options.path } : {})
    const identity = merged.id ?? instance.name
    const folder = locate(instance, merged, isApplication, report, missing)
    if (folder === undefined) {
      if (!isApplication) unusable.add(identity)
      continue
    }
    reportRoles(merged, instance, report)
    if (reportIdentity(identity, merged, instance, report)) continue
    carriers.push({ instance, identity, folder, field: merged })
  }
  reportUnknown(given, instances, report)
  return { carriers, ignored, missing, unusable }
}

function fieldOf(
  instance: PackageInstance,
  option: PackageOption | undefined,
  ignored: IgnoredPackageField[],
  report: Report,
): PackageField | undefined {
  const read = readField(instance.json)
  const field = read && 'value' in read ? read.value : undefined
  if (read && 'reason' in read && !option) {
    const { file } = instance.json.source
    ignored.push({ package: instance.name, file, field: read.field, reason: read.reason })
    const message = `The field "${read.field}" of ${instance.name} is not read: ${read.reason}.${originOf(instance)}`
    const shown = {
      message,
      fix: `Write "${read.field}": "<folder>".`,
      sources: [sourceAt(instance.json.source, read.offset)],
    }
    // The name is ours alone, so nobody else can have meant it.
    if (read.field === 'unplugin-migrations') report.error('MIG_B0203', shown)
    // In what one works on oneself a typing error is likelier than another tool.
    else if (instance.linked) report.warning('MIG_B0203', shown)
  }
  if (!option) return field
  const { version: _, ...override } = option
  const merged = overridden(field, override)
  return Object.keys(merged).length === 0 ? undefined : merged
}

/** A folder that somebody names goes before the one of sources that the package has. */
function overridden(field: PackageField | undefined, override: PackageField): PackageField {
  if (override.path === undefined) return { ...field, ...override }
  const { source: _, ...rest } = field ?? {}
  return { ...rest, ...override }
}

function locate(
  instance: PackageInstance,
  field: PackageField,
  isApplication: boolean,
  report: Report,
  missing: string[],
): string | undefined {
  if (field.format !== undefined && field.format !== 'module')
    report.error('MIG_B0208', {
      message: `${instance.name} brings migrations of the format "${field.format}".${originOf(instance)}`,
      fix: `Leave them out for now: ${packageOption(instance.name, 'false')}`,
      sources: [sourceAt(instance.json.source, fieldOffset(instance, 'format'))],
    })
  if (field.format !== undefined && field.format !== 'module') return undefined
  if (instance.linked && field.source !== undefined) {
    const source = folderInside(instance.root, field.source)
    if ('folder' in source) return source.folder
    if (source.problem === 'escapes' || source.problem === 'whole')
      reportFolder(instance, field.source, source.problem, report)
    missing.push(`${instance.root}/${field.source}`)
  }
  const path = field.path ?? 'migrations'
  const found = folderInside(instance.root, path)
  if ('folder' in found) return found.folder
  if (found.problem === 'missing') missing.push(`${instance.root}/${path}`)
  if (isApplication && field.path === undefined && found.problem === 'missing') return undefined
  reportFolder(instance, path, found.problem, report)
  return undefined
}

function reportFolder(instance: PackageInstance, path: string, problem: FolderProblem, report: Report): void {
  const source = sourceAt(instance.json.source, fieldOffset(instance, 'path'))
  if (problem === 'escapes' || problem === 'whole')
    report.error('MIG_B0205', {
      message: `The folder "${path}" of ${instance.name} ${problem === 'whole' ? 'is the package itself' : 'lies outside of the package'}.${originOf(instance)}`,
      fix: 'Name a folder inside the package, like "migrations": "dist/migrations".',
      sources: [source],
    })
  else
    report.error('MIG_B0204', {
      message: `The folder "${path}" of ${instance.name} ${problem === 'missing' ? 'does not exist' : 'is a file'}.${originOf(instance)}`,
      fix: instance.linked
        ? `Create ${instance.root}/${path}, or correct the field in its package.json.`
        : `Install a version of ${instance.name} that contains it, or leave its migrations out: ${packageOption(instance.name, 'false')}`,
      sources: [source],
    })
}

function fieldOffset(instance: PackageInstance, key: string): number {
  const name = instance.json.fields.has('unplugin-migrations') ? 'unplugin-migrations' : 'migrations'
  return offsetOf(instance.json, name, key)
}

function reportRoles({ uses = {} }: PackageField, instance: PackageInstance, report: Report): void {
  for (const role of Object.keys(uses)) {
    const problem = roleProblem(role)
    if (problem === undefined) continue
    report.error('MIG_B0307', {
      message: `The role name \`${role}\` of ${instance.name} ${problem}.${originOf(instance)}`,
      fix: `Choose another name, for example \`${roleFor(role)}\`.`,
      sources: [sourceAt(instance.json.source, fieldOffset(instance, 'uses'))],
    })
  }
}

/** Answers whether a name of the package, now or formerly, is refused. */
function reportIdentity(identity: string, field: PackageField, instance: PackageInstance, report: Report): boolean {
  let isRefused = false
  for (const name of [identity, ...(field.formerly ?? [])]) {
    const problem = packageNameProblem(name)
    if (problem === undefined) continue
    isRefused = true
    const now = name === identity
    const key = now && field.id === undefined ? undefined : fieldOffset(instance, now ? 'id' : 'formerly')
    report.error('MIG_B0209', {
      message: `The name ${shownName(name)} of a package that brings migrations ${problem}.${originOf(instance)}`,
      fix: now
        ? 'Give it an identity in its package.json: "migrations": { "id": "<name>" }'
        : 'Correct it, or take it out of `formerly`.',
      sources: [sourceAt(instance.json.source, key ?? offsetOf(instance.json, 'name'))],
    })
  }
  return isRefused
}

function reportUnknown(
  given: ReadonlyMap<string, false | PackageOption>,
  instances: readonly PackageInstance[],
  report: Report,
): void {
  for (const [name, option] of given) {
    const installed = instances.filter((instance) => instance.name === name)
    const wanted = option ? option.version : undefined
    const close =
      installed.length === 0
        ? nearest(
            name,
            instances.map((each) => each.name),
          )
        : undefined
    if (installed.length === 0)
      report[option ? 'error' : 'warning']('MIG_B0207', {
        message: `The option \`packages\` names ${name}, which is not in the dependency tree of the application.`,
        fix: close
          ? `Did you mean '${close}'?`
          : `Add ${name} to the dependencies of the application, or remove the entry.`,
      })
    else if (wanted !== undefined && !installed.some(({ version }) => version === wanted))
      report.error('MIG_B0207', {
        message: `The option \`packages\` picks ${name}@${wanted}, but installed is ${installed.map(({ version }) => version).join(', ')}.`,
        fix: `Write one that is there: ${packageOption(name, 'version', installed[0]?.version)}`,
        sources: installed.map(({ json }) => sourceOf(json.source.file)),
      })
  }
}

/** How a package came here, for the end of a message. */
export function originOf({ chain }: PackageInstance): string {
  return chain.length === 0 ? '' : ` (brought in by ${chain.join(' → ')})`
}
