import type { Id, ManifestMigration } from '../graph/manifest.ts'
import type { Entry } from './entry.ts'
import type { Storage } from './storage.ts'

interface Index {
  /** How many entries are in it. */
  known: number
  readonly entries: Map<Id | null, Entry[]>
}

const indexes = new WeakMap<Pick<Storage, 'entries'>, Index>()

/** What a log tells of one migration, in order. Asked for each migration, so never by a look at all entries. */
export function entriesAbout(storage: Pick<Storage, 'entries'>, id: Id): readonly Entry[] {
  const index = indexes.get(storage) ?? { known: 0, entries: new Map<Id | null, Entry[]>() }
  indexes.set(storage, index)
  for (const entry of storage.entries.slice(index.known)) {
    const about = index.entries.get(entry.id)
    if (about) about.push(entry)
    else index.entries.set(entry.id, [entry])
  }
  index.known = storage.entries.length
  return index.entries.get(id) ?? []
}

/** The same, under former ids too. */
export function entriesUnderAnyName(
  storage: Pick<Storage, 'entries'>,
  { id, formerly }: Pick<ManifestMigration, 'id' | 'formerly'>,
): readonly Entry[] {
  if (formerly.length === 0) return entriesAbout(storage, id)
  const names = [...new Set([id, ...formerly])]
  return names.flatMap((name) => entriesAbout(storage, name)).toSorted((one, other) => one.serial - other.serial)
}
