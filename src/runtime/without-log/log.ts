import type { Log } from '../adapter.ts'
import { type Entry, type SeenTarget } from '../entry.ts'
import { exclusively } from '../queue.ts'
import { type Run, draft, recordFields } from '../run.ts'
import type { Draft, Storage } from '../storage.ts'
import { journalData } from '../statements/journal.ts'

/**
 * The log of a storage that keeps none: what the state's log says about it, counted from 1. Its genesis is that the state
 * knows the storage by its name. The state must be read before it, and an append is one to the state's log.
 */
export function logInState(run: Run, storage: Storage): Log {
  const { state } = run
  return {
    async head() {
      const seen = seenIn(run, storage)
      if (!seen) return null
      const genesis = genesisOf(seen, state, storage)
      return { genesis, last: seen.serial === 0 ? genesis : { ...genesis, kind: 'checked', serial: seen.serial } }
    },
    async *read(after) {
      const seen = seenIn(run, storage)
      if (!seen) return
      const own = entriesAbout(state, seen.target).map((entry, place) => ({ ...entry, serial: place + 1, open: 0 }))
      yield* [genesisOf(seen, state, storage), ...own].slice(after + 1)
    },
    append: (entries) => appendToState(run, storage, entries),
  }
}

/** Of a storage's UUID, in the log of the state that is caught up. What was begun there is no part of its log. */
export function entriesAbout({ entries }: Storage, target: string): readonly Entry[] {
  return entries.filter((entry) => entry.target === target && !journalData(entry))
}

/**
 * Entries of a storage's log, and what was begun there, as the next of the state's.
 *
 * @returns `taken` where anybody has written to that meanwhile
 */
export function appendToState(run: Run, storage: Storage, entries: readonly Entry[]): Promise<'appended' | 'taken'> {
  const { state, options } = run
  // As whoever writes records: what runs side by side writes to the same log.
  return exclusively([state], () =>
    state.append(() =>
      entries.map(({ serial, ...entry }): Draft => {
        const { target } = entry
        const { targets, ...others } = recordFields(run, state, false, [entry])
        const seen: SeenTarget = { name: storage.name, target, serial, tenant: options.tenant ?? null }
        const fields = { ...others, targets: [seen, ...targets.filter((known) => known.target !== target)] }
        return entry.kind === 'genesis'
          ? draft({ kind: 'checked', target: state.target ?? '', attempt: entry.attempt, ...fields })
          : { ...entry, ...fields }
      }),
    ),
  )
}

function seenIn({ state, options }: Run, { name }: Storage): SeenTarget | undefined {
  return state.last?.targets.find((seen) => seen.name === name && seen.tenant === (options.tenant ?? null))
}

/** Nowhere written as such: whoever has begun the log knows it by the attempt that did. */
function genesisOf({ target }: SeenTarget, { genesis }: Storage, storage: Storage): Entry {
  const { data = null, at = '' } = genesis ?? {}
  const attempt = storage.target === target && storage.genesis ? storage.genesis.attempt : target
  return { ...draft({ kind: 'genesis', target, attempt, data, at }), serial: 0 }
}
