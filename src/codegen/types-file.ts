import { compareCodeUnits } from '../graph/code-units.ts'
import type { Id } from '../graph/manifest.ts'

/** Beyond, an editor would be slow, and a list of them of no use. */
const MOST_IDS = 500

/**
 * The text of `migrations-env.d.ts`: types of `virtual:migrations`, and the ids that editors offer. No path. Written so
 * that formatters leave it alone, which would set or drop the semicolon of an `export {}`.
 */
export function typesFile(ids: readonly Id[]): string {
  return `/* eslint-disable */
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// Written by unplugin-migrations at every build. Commit it: a type check may come before the first build.
/// <reference types="unplugin-migrations/client" />

// prettier-ignore
export interface MigrationIds {
${membersOf(ids)}}

// prettier-ignore
declare module 'unplugin-migrations/runtime' {
  interface KnownIds extends MigrationIds {}
}
`
}

function membersOf(ids: readonly Id[]): string {
  if (ids.length > MOST_IDS) return `  // ${ids.length} ids: too many to be listed. Every id is taken.\n`
  return ids
    .toSorted(compareCodeUnits)
    .map((id) => `  ${JSON.stringify(id)}: true\n`)
    .join('')
}
