import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest, by parts of their paths; what begins last must not be what ends long after the rest. */
const LONGEST: readonly string[] = [
  'kill/images',
  'faults/in-process',
  'faults/killed',
  'crowd/',
  'kill/',
  'processes/',
]

/** Vitest starts the biggest files first, where no run before has told how long each takes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((part) => relative(import.meta.dirname, moduleId).startsWith(part))
  return place === -1 ? LONGEST.length : place
}
