import { BUILD } from './build.ts'
import type { CatalogueEntry } from './diagnostic.ts'
import { PLAN } from './plan.ts'
import { RUN } from './run.ts'

const PAGES: ReadonlyMap<string, CatalogueEntry> = new Map(Object.entries({ ...BUILD, ...RUN, ...PLAN }))

/**
 * The page of an error's code: what it means, why it stops, what to do. For reporters and command lines; a server bundle
 * carries codes and facts only.
 *
 * @param code `error.code`, e.g. `MIG_R0106`
 * @returns `undefined` for a code that is not one of ours
 */
export function explain(code: string): CatalogueEntry | undefined {
  return PAGES.get(code)
}
