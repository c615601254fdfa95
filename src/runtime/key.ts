import type { Run } from './run.ts'

/** How many keys an entry carries: builds that are rolled out side by side each find their own. */
const KEPT = 8

/**
 * What "up to date" means for one build on one set of storages: the manifest's digest, the tenant and the sorted ULIDs
 * of the bound targets. Never order, edges or versions.
 */
export function keyOf({ manifest, options, targets }: Pick<Run, 'manifest' | 'options' | 'targets'>): string {
  return JSON.stringify([manifest.digest, options.tenant, ...targets.map(({ target }) => target).toSorted()])
}

/** `keys` with `key` as the newest, the oldest dropped. */
export function withKey(keys: readonly string[], key: string): readonly string[] {
  return [...keys.filter((other) => other !== key), key].slice(-KEPT)
}
