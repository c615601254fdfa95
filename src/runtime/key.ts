import type { Run } from './run.ts'

/** How many keys an entry carries: builds that are rolled out side by side each find their own. */
const KEPT = 8

interface OfKey extends Pick<Run, 'manifest' | 'options'> {
  readonly targets: readonly { readonly target: string | null }[]
}

/**
 * What "up to date" means for one build on one set of storages: the manifest's digest, the tenant and the sorted UUIDs
 * of the bound targets. Never order, edges or versions.
 */
export function keyOf({ manifest, options, targets }: OfKey): string {
  const { digest: whole, required } = manifest
  const digest = options.mode === 'required' ? (required ?? whole) : whole
  return JSON.stringify([digest, options.tenant, ...targets.map(({ target }) => target).toSorted()])
}

/** `keys` with `key` as the newest, the oldest dropped. */
export function withKey(keys: readonly string[], key: string): readonly string[] {
  return [...keys.filter((other) => other !== key), key].slice(-KEPT)
}
