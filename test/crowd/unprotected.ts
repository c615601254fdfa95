import type { Adapter, Log, Session } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'

/**
 * The adapter without what its log protects: an entry whose serial another runner has goes behind that, as if no serial
 * were taken.
 */
export function unprotected(adapter: Adapter): Adapter {
  return {
    ...adapter,
    log: unprotectedLog(adapter.log),
    open: async () => {
      const session = await adapter.open()
      return new Proxy(session, {
        get(target, property) {
          if (property === 'begin' && target.begin) return (entry: Entry) => beginBehind(target, entry)
          return Reflect.get(target, property) as unknown
        },
      })
    },
  }
}

/** The same of a store for the state of other storages: nor has it a lease, with which all but one would wait. */
export function unprotectedState(adapter: Adapter): Adapter {
  const { lease: _, ...others } = unprotected(adapter)
  return others
}

function unprotectedLog(log: Log): Log {
  return {
    head: () => log.head(),
    read: (after) => log.read(after),
    append: (entries) =>
      // Two logs in one storage would be another fault.
      entries[0]?.kind === 'genesis'
        ? log.append(entries)
        : behind((by) => log.append(entries.map((entry) => moved(entry, by)))),
  }
}

function beginBehind(session: Session, entry: Entry): Promise<unknown> {
  return behind(async (by) => session.begin?.(moved(entry, by)))
}

async function behind<T>(write: (by: number) => Promise<T | 'taken'>): Promise<T> {
  for (let by = 0; ; by++) {
    const answer = await write(by)
    if (answer !== 'taken') return answer
  }
}

function moved(entry: Entry, by: number): Entry {
  return { ...entry, serial: entry.serial + by, generation: entry.generation + by }
}
