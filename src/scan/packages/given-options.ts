import type { PackageOption, ScanOptions } from '../options.ts'
import type { Report } from '../report/report.ts'
import { shapeOf } from './field.ts'
import { entriesOf } from './package-json.ts'

/**
 * What the application says of packages, by their names. Reports what has no meaning: a lock file holds options too, and
 * anybody may have written those.
 */
export function givenOptions(
  { packages = {} }: Pick<ScanOptions, 'packages'>,
  report: Report,
): ReadonlyMap<string, false | PackageOption> {
  const given = new Map<string, false | PackageOption>()
  for (const [name, option] of Object.entries(packages)) {
    const read = option === false ? option : readOption(option)
    if (typeof read !== 'string') given.set(name, read)
    else
      report.error('MIG_B0207', {
        message: `The option \`packages\` cannot be followed for ${name}: ${read}.`,
        fix: 'Correct what it says of the package, or remove the entry. Where migrations.lock says that, build once.',
      })
  }
  return given
}

function readOption(option: unknown): PackageOption | string {
  const entries = entriesOf(option)?.filter(([, value]) => value !== undefined)
  if (!entries) return 'it is neither `false` nor an object with fields'
  const { version, ...field } = Object.fromEntries(entries)
  if (version !== undefined && typeof version !== 'string') return '`version` is not a text'
  const picked = version === undefined ? {} : { version }
  if (Object.keys(field).length === 0) return picked
  const shape = shapeOf(field)
  return typeof shape === 'string' ? shape : { ...shape, ...picked }
}
