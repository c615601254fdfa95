import { sha256 } from './sha256.ts'

/** How many keys an entry carries: builds that are rolled out side by side each find their own. */
const KEPT = 8

/**
 * What "up to date" means for one build on one set of storages: the first 128 bits (base64) of SHA-256 over the
 * manifest's digest, the tenant and the sorted ULIDs of the bound targets. Never order, edges or versions.
 */
export async function satisfiedKey(
  digest: string,
  tenant: string | undefined,
  targets: readonly (string | null)[],
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([digest, tenant, targets.toSorted()]))
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', text), 0, 16)))
}

/** `keys` with `key` as the newest, the oldest dropped. */
export function withKey(keys: readonly string[], key: string): readonly string[] {
  return [...keys.filter((other) => other !== key), key].slice(-KEPT)
}
