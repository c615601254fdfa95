import { compareCodeUnits } from '../../graph/code-units.ts'
import type { ScanOptions } from '../options.ts'

/** Options that decide what is found. The lock file holds them, so that the command line finds the same. */
export type LockedOptions = Pick<ScanOptions, 'path' | 'packages'>

/** As JSON with sorted keys; `undefined` where all is as usual. */
export function printOptions({ path, packages }: LockedOptions): string | undefined {
  const given = {
    ...(path === undefined ? {} : { path }),
    ...(packages === undefined || Object.keys(packages).length === 0 ? {} : { packages }),
  }
  if (Object.keys(given).length === 0) return undefined
  return JSON.stringify(given, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => compareCodeUnits(one, other)))
      : value,
  )
}

/** `undefined` where the text is none of ours. */
export function parseOptions(text: string): LockedOptions | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isOptions(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isOptions(value: unknown): value is LockedOptions {
  return isRecord(value) && Object.entries(value).every(([key, part]) => SHAPES.get(key)?.(part) ?? false)
}

const SHAPES: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['path', (value) => typeof value === 'string'],
  // What one says of a package is looked at where the options of a build are.
  ['packages', (value) => isRecord(value) && Object.values(value).every((one) => one === false || isRecord(one))],
])

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
