import { lstatSync, readdirSync } from 'node:fs'

/** What a `node_modules`, or a scope in one, holds. */
export interface Listing {
  /** Neither it nor what it was reached through is a link. */
  readonly isReal: boolean
  readonly entries: ReadonlyMap<string, 'link' | 'other'>
}

/** @returns `undefined` where there is no folder that can be read */
export function listFolder(folder: string, isParentReal: boolean): Listing | undefined {
  try {
    const stats = lstatSync(folder, { throwIfNoEntry: false })
    if (!stats) return undefined
    const entries = readdirSync(folder, { withFileTypes: true })
    return {
      isReal: isParentReal && !stats.isSymbolicLink(),
      entries: new Map(entries.map((entry) => [entry.name, entry.isSymbolicLink() ? 'link' : 'other'])),
    }
  } catch {
    return undefined
  }
}

/** A text that is the same for the same packages. Tools keep what is theirs below names that begin with a dot. */
export function textOfListing(listing: Listing | undefined): string {
  if (!listing) return 'absent'
  const names = [...listing.entries].filter(([name]) => !name.startsWith('.'))
  return `${listing.isReal} ${names
    .map(([name, kind]) => (kind === 'link' ? `${name}/` : name))
    .toSorted()
    .join(' ')}`
}
