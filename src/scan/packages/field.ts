import { entriesOf, LazySource, offsetOf, type PackageJson } from './package-json.ts'

/** What a package, or the application for it, says about its migrations. */
export interface PackageField {
  /** The folder, relative to the package. */
  readonly path?: string
  /** Used instead of `path` while the package is linked and the folder exists. */
  readonly source?: string
  readonly format?: string
  /** Role → kind, for `.sql` files. */
  readonly uses?: Readonly<Record<string, string>>
  /** The identity of the package, where it is not its name. */
  readonly id?: string
  /** Earlier identities of the package. */
  readonly formerly?: readonly string[]
}

/** A field that is not ours, and why. */
export interface IgnoredField {
  readonly field: string
  readonly reason: string
  /** Offset in the package.json. */
  readonly offset: number
}

/** Each counts for every migration of the package. */
const MOST_NAMES = 100

export const FIELDS = ['unplugin-migrations', 'migrations'] as const

/** Reads the field of a package.json. `unplugin-migrations` goes before `migrations`, which other tools use as well. */
export function readField(
  json: PackageJson,
): { readonly field: string; readonly value: PackageField } | IgnoredField | undefined {
  for (const field of FIELDS) {
    const value = json.fields.get(field)
    if (value === undefined) continue
    const shape = shapeOf(value)
    if (typeof shape !== 'string') return { field, value: shape }
    return { field, reason: shape, offset: offsetOf(json, field) }
  }
  return undefined
}

/** A package.json of which only the fields that are read here are kept. Its text is read again for a frame. */
export function withFieldsOnly({ source, fields }: PackageJson): PackageJson {
  const kept = FIELDS.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)] as const)
  return { source: new LazySource(source.file), fields: kept.length === 0 ? NONE : new Map(kept) }
}

const NONE: ReadonlyMap<string, unknown> = new Map()

/** The identity that the field gives, whatever else it holds. */
export function fieldId(json: PackageJson): string | undefined {
  const read = readField(json)
  return read && 'value' in read ? read.value.id : undefined
}

/** The value as a field, or why it is none. */
export function shapeOf(value: unknown): PackageField | string {
  if (typeof value === 'string') return value === '' ? 'the path is empty' : { path: value }
  const entries = entriesOf(value)
  if (!entries || entries.length === 0) return 'it is neither a path nor an object with fields'
  const read = new Map(entries)
  for (const [key, part] of read) {
    if (['path', 'source', 'format', 'id'].includes(key)) {
      if (typeof part !== 'string' || part === '') return `\`${key}\` is not a text`
    } else if (key === 'uses') {
      if (!entriesOf(part)?.every(([, kind]) => typeof kind === 'string')) return '`uses` does not map roles to kinds'
    } else if (key === 'formerly') {
      if (!Array.isArray(part) || !part.every((each) => typeof each === 'string'))
        return '`formerly` is not a list of names'
      if (part.length > MOST_NAMES) return `\`formerly\` has more than ${MOST_NAMES} names`
    } else return `\`${key}\` is not one of path, source, format, uses, id, formerly`
  }
  return Object.fromEntries(read)
}
