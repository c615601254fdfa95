import type { BoundMigration } from '../binding.ts'
import type { Entry } from '../entry.ts'
import { intentData } from '../entry-data.ts'
import { type Run, draft, recordFields } from '../run.ts'
import type { Storage } from '../storage.ts'

/** A `down` that was announced in another log and may still be committed. */
interface OpenIntent {
  readonly entry: Entry
  /** Whose next entry it would be. */
  readonly storage: Storage
  readonly serial: number
}

/**
 * Takes their place from announced downs that a pending migration comes after, so that these are not taken back under it:
 * each of them is committed at the place that it announced or not at all. A down whose place is taken plans again, and so
 * does this run.
 */
export async function voidIntents(run: Run, pending: readonly BoundMigration[]): Promise<void> {
  const needed = ancestorsOf(run, pending)
  for (const { entry, storage, serial } of openIntents(run)) {
    if (!needed.has(entry.id)) continue
    while (storage.nextSerial <= serial) {
      const answer = await storage.append(() => [
        draft({ kind: 'checked', target: storage.target ?? '', ...recordFields(run, storage, false) }),
      ])
      // Taken counts as overtaken already.
      if (answer === 'taken') return
    }
    storage.overtakings++
  }
}

/** Of the storages of this run, whichever log announces them. */
export function openIntents({ storages }: Run): readonly OpenIntent[] {
  return storages.flatMap(({ entries }) =>
    entries.flatMap((entry): readonly OpenIntent[] => {
      if (entry.kind !== 'intent') return []
      const { target, serial } = intentData(entry)
      const storage = storages.find((other) => other.target === target)
      return storage && storage.nextSerial <= serial ? [{ entry, storage, serial }] : []
    }),
  )
}

/** Ids, former ones included, of all that comes before the pending ones. What squashes replace counts with them. */
function ancestorsOf({ migrations }: Run, pending: readonly BoundMigration[]): ReadonlySet<string | null> {
  const found = new Set<string | null>()
  const reached = new Set<BoundMigration | undefined>(pending)
  const places = new Map(migrations.map(({ migration }, place) => [migration.id, place]))
  // Edges lead from lower places to higher ones, but a squash and what it replaces stand for each other.
  for (let size = -1; size !== reached.size;) {
    size = reached.size
    for (const bound of migrations.toReversed()) {
      const { id, formerly, parents, after, replaces } = bound.migration
      if (replaces.some((name) => found.has(name))) reached.add(bound)
      if (!reached.has(bound)) continue
      if (!pending.includes(bound)) for (const name of [id, ...formerly]) found.add(name)
      for (const name of replaces) found.add(name)
      for (const place of [...parents, ...after, ...replaces.map((name) => places.get(name) ?? -1)])
        if (migrations[place]) reached.add(migrations[place])
    }
  }
  return found
}
