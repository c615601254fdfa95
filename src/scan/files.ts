import { statSync } from 'node:fs'
import { DIALECTS } from '../sql/dialect.ts'
import { entriesBelow } from './entries-below.ts'
import { compareNatural } from './natural-order.ts'
import { isInside, realPath } from './paths.ts'
import { type Report, sourceOf } from './report/report.ts'
import type { MigrationFile } from './result.ts'

/** The files of one migration, by its name: the path below the folder, without extension. */
export interface MigrationFiles {
  readonly name: string
  readonly format: 'module' | 'sql'
  readonly files: readonly [MigrationFile, ...MigrationFile[]]
  /** `.sql` files beside a module of the same name: they are the module's. */
  readonly beside: readonly string[]
}

interface Found {
  readonly path: string
  readonly file: string
}

/** Shared code, what is hidden, and what was installed. */
const ELSEWHERE = /^[._]|^node_modules$/
const EXTENSION = /\.(?:sql|ts|mts|js|mjs|cjs)$/
/** Extensions of the same languages in another spelling, and of languages that would need a compiler. */
const NEAR = /\.(?:sql|ts|mts|js|mjs|cjs|cts|tsx|jsx|psql|pgsql|mysql)$/i
const SQL_NAME = /^(?<name>.*?)(?:\.(?<dialect>postgres|sqlite|mysql))?(?<down>\.down)?\.sql$/s
const NEAR_DIALECT = /\.(?<near>pg|postgresql|sqlite3|mariadb)(?:\.down)?\.sql$/
const MEANT: ReadonlyMap<string, string> = new Map([
  ['pg', 'postgres'],
  ['postgresql', 'postgres'],
  ['sqlite3', 'sqlite'],
  ['mariadb', 'mysql'],
])
/** Read as a name and a dialect, what takes a migration back would be one of its own. */
const DOWN_FIRST = /\.down\.(?<dialect>postgres|sqlite|mysql|pg|postgresql|sqlite3|mariadb)\.sql$/

/**
 * Finds the migrations in a folder. Reports near misses, several files for one migration, and whatever leaves the package.
 *
 * @param folder Real path, with `/`.
 * @param root Real path of the package.
 * @param origin Which packages led here, for messages.
 */
export function findFiles(folder: string, root: string, origin: string, report: Report): readonly MigrationFiles[] {
  const entries = [...entriesBelow(folder, (name) => !ELSEWHERE.test(name))]
  const found: Found[] = []
  for (const { path, entry } of entries.toSorted((a, b) => compareNatural(a.path, b.path))) {
    if (entry.isFile()) found.push({ path, file: `${folder}/${path}` })
    if (!entry.isSymbolicLink()) continue
    const file = followLink(`${folder}/${path}`, root, origin, report)
    if (file !== undefined) found.push({ path, file })
  }
  return group(
    found.filter((each) => counts(each, origin, report)),
    origin,
    report,
  )
}

function followLink(link: string, root: string, origin: string, report: Report): string | undefined {
  const file = realPath(link)
  if (file !== undefined && !isInside(file, root)) {
    report.error('MIG_B0205', {
      message: `${link} is a link out of its package.${origin}`,
      fix: 'Put the file itself there.',
      sources: [sourceOf(link)],
    })
    return undefined
  }
  if (file !== undefined && statSync(file).isFile()) return file
  warn(
    link,
    file === undefined ? 'is a link that leads nowhere' : 'is a link to a folder, which is not followed',
    origin,
    report,
  )
  return undefined
}

function counts({ path, file }: Found, origin: string, report: Report): boolean {
  const base = path.slice(path.lastIndexOf('/') + 1)
  if (/\.(?:d|test|spec)\.[^.]+$/.test(base) || base.startsWith('index.')) return false
  const dialect = DOWN_FIRST.exec(base)?.groups?.['dialect']
  if (dialect !== undefined) {
    const name = base.replace(DOWN_FIRST, `.${MEANT.get(dialect) ?? dialect}.down.sql`)
    warn(file, 'has its dialect behind `.down`', origin, report, `Rename it to ${name}`)
    return false
  }
  if (EXTENSION.test(base)) return true
  if (NEAR.test(base)) warn(file, 'does not end with .sql, .ts, .mts, .js, .mjs or .cjs', origin, report)
  return false
}

function group(found: readonly Found[], origin: string, report: Report): readonly MigrationFiles[] {
  const modules = new Map<string, Found[]>()
  const texts = new Map<string, Found[]>()
  for (const each of found) {
    const isSql = each.path.endsWith('.sql')
    const name = isSql ? (SQL_NAME.exec(each.path)?.groups?.['name'] ?? '') : each.path.replace(EXTENSION, '')
    const groups = isSql ? texts : modules
    const same = groups.get(name)
    if (same) same.push(each)
    else groups.set(name, [each])
  }
  const migrations: MigrationFiles[] = []
  for (const [name, [first, ...others]] of modules) {
    if (!first) continue
    if (others.length > 0) reportSeveral(name, [first, ...others], origin, report)
    const beside = (texts.get(name) ?? []).map(({ file }) => file)
    migrations.push({ name, format: 'module', files: [{ file: first.file }], beside })
  }
  for (const [name, same] of texts) {
    const files = modules.has(name) ? undefined : sqlFiles(name, same, origin, report)
    if (files) migrations.push({ name, format: 'sql', files, beside: [] })
  }
  return migrations.toSorted((a, b) => compareNatural(a.name, b.name))
}

/** One file, or one per dialect in the order of dialects, each with its `.down.sql`. */
function sqlFiles(
  name: string,
  same: readonly Found[],
  origin: string,
  report: Report,
): readonly [MigrationFile, ...MigrationFile[]] | undefined {
  const ups = new Map<string, Found>()
  const downs = new Map<string, Found>()
  for (const each of same) {
    const parts = SQL_NAME.exec(each.path)?.groups
    const map = parts?.['down'] === undefined ? ups : downs
    map.set(parts?.['dialect'] ?? '', each)
    const near = NEAR_DIALECT.exec(each.path)?.groups?.['near']
    if (near !== undefined) reportNearDialect(near, name, each, origin, report)
  }
  for (const [dialect, { file }] of downs)
    if (!ups.has(dialect)) warn(file, `belongs to no ${name}${dialect === '' ? '' : `.${dialect}`}.sql`, origin, report)
  if (ups.has('') && ups.size > 1) reportSeveral(name, [...ups.values()], origin, report)
  const [first, ...rest] = [...ups]
    .toSorted(([a], [b]) => compareNatural(a, b))
    .map(([dialect, { file }]): MigrationFile => {
      const down = downs.get(dialect)?.file
      return { file, ...(dialect === '' ? {} : { dialect }), ...(down === undefined ? {} : { down }) }
    })
  return first && [first, ...rest]
}

function reportSeveral(name: string, same: readonly Found[], origin: string, report: Report): void {
  report.error('MIG_B0211', {
    message: `${same.map(({ path }) => path).join(' and ')} are both the migration ${name}.${origin}`,
    fix: 'Delete the one that was generated, or give it another name.',
    sources: same.map(({ file }) => sourceOf(file)),
  })
}

function reportNearDialect(near: string, name: string, { path, file }: Found, origin: string, report: Report): void {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const [variant, other] = [`.${MEANT.get(near) ?? near}`, `_${near}`].map((end) => base.replace(`.${near}`, end))
  report.warning('MIG_B0212', {
    message: `${file} does not name a dialect: those are ${[...DIALECTS].join(', ')}. So it is of the migration ${name}, for every dialect.${origin}`,
    fix: `Rename it to ${variant}, or to ${other} where it is meant for all.`,
    sources: [sourceOf(file)],
  })
}

function warn(file: string, what: string, origin: string, report: Report, mend = 'Rename it'): void {
  report.warning('MIG_B0212', {
    message: `${file} ${what}, so it is no migration.${origin}`,
    fix: `${mend}, or begin its name with \`_\` to say that it is none.`,
    sources: [sourceOf(file)],
  })
}
