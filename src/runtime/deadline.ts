import type { Adapter, Cell, Direct, Log, Session, Transaction } from './adapter.ts'
import type { Entry } from './entry.ts'
import { MigrationError } from './errors.ts'
import type { Kind } from './handles.ts'

/**
 * The same adapter, whose calls end: one that has no answer when `ms` have passed throws `MIG_R0205`. Whether it took
 * effect nobody knows then; the run stops, and the next one reads the log. For clients that wait for ever where a server
 * accepts connections and never answers. What migrations do themselves has no deadline, nor has putting staged work in
 * place: limit that by the client.
 *
 * @param ms longer than any commit takes
 * @example
 * adapters: { db: withDeadline(pg(pool), 30_000) }
 */
export function withDeadline<K extends Kind>(adapter: Adapter<K>, ms: number): Adapter<K> {
  const limit: Limit = (what, call) => limited(`${adapter.name}: ${what}`, ms, call)
  const limits: Limits = {
    limit,
    async session(opening) {
      const session = await limit('open', opening).catch((error: unknown) => {
        void opening.then((late) => late.close()).catch(() => {})
        throw error
      })
      return derived(session, limitedSession(session, limit))
    },
  }
  const { log, lease } = adapter
  return derived(adapter, {
    limits,
    log: derived(log, limitedLog(log, limit)),
    ...(lease && { lease: limitedCell(lease, limit) }),
    open: () => limits.session(adapter.open()),
    classify: (error: unknown) => (error instanceof NoAnswer ? 'fatal' : adapter.classify(error)),
  } satisfies Pick<Adapter<K>, 'log' | 'lease' | 'open' | 'classify'> & { readonly limits: Limits })
}

/** What an adapter with a deadline brings along as `limits`, for strategies that have connections of its storage to themselves. */
export interface Limits {
  readonly limit: Limit
  session<K extends Kind>(opening: Promise<Session<K>>): Promise<Session<K>>
}

type Limit = <Answer>(what: string, call: Promise<Answer>) => Promise<Answer>

class NoAnswer extends MigrationError {}

async function limited<Answer>(what: string, ms: number, call: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer('MIG_R0205', `no answer in ${ms} ms: ${what}`)), ms)
  })
  try {
    return await Promise.race([call, end])
  } finally {
    clearTimeout(timer)
  }
}

function limitedLog(log: Log, limit: Limit): Log {
  return {
    head: () => limit('head', log.head()),
    read: (after) => limitedRead(log, after, limit),
    append: (entries) => limit('append', log.append(entries)),
  }
}

function limitedCell(cell: Cell, limit: Limit): Cell {
  return {
    get: () => limit('lease', cell.get()),
    swap: (expected, next) => limit('lease', cell.swap(expected, next)),
  }
}

async function* limitedRead(log: Pick<Log, 'read'>, after: number, limit: Limit): AsyncIterable<Entry> {
  const entries = log.read(after)[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await limit('read', entries.next())
    if (done) return
    yield value
  }
}

function limitedSession<K extends Kind>(session: Session<K>, limit: Limit): Partial<Session<K>> {
  // What it has got too late is given back: a transaction that stays open, or a lock.
  const taking: Limit = async (what, call) => {
    try {
      return await limit(what, call)
    } catch (error) {
      if (error instanceof NoAnswer) void call.catch(() => {}).then(() => session.close().catch(() => {}))
      throw error
    }
  }
  const { begin, tryLock, unlock, direct } = session
  return {
    ...(begin && {
      async begin(entry: Entry | null) {
        const unit = await taking('begin', begin.call(session, entry))
        return unit === 'taken' ? unit : derived(unit, limitedEnd(unit, limit))
      },
    }),
    ...(tryLock && { tryLock: () => taking('lock', tryLock.call(session)) }),
    ...(unlock && { unlock: () => limit('unlock', unlock.call(session)) }),
    ...(direct && {
      direct() {
        const held = direct.call(session)
        return derived(held, limitedDirect(held, limit))
      },
    }),
    // Nobody has to know that a connection could not even be given back.
    close: () =>
      limit('close', session.close()).catch((error: unknown) => {
        if (!(error instanceof NoAnswer)) throw error
      }),
  }
}

function limitedEnd(unit: Pick<Transaction, 'commit' | 'rollback'>, limit: Limit): Partial<Transaction> {
  return {
    commit: (final) => limit('commit', unit.commit(final)),
    rollback: () => limit('rollback', unit.rollback()),
  }
}

function limitedDirect(held: Direct, limit: Limit): Partial<Direct> {
  return {
    read: (after) => limitedRead(held, after, limit),
    append: (entries) => limit('append', held.append(entries)),
    begin: () => limit('begin', held.begin()),
    commit: (entries) => limit('commit', held.commit(entries)),
    rollback: () => limit('rollback', held.rollback()),
  }
}

/** With some members of its own, and all others of the original, whatever it is made of. */
function derived<T extends object>(original: T, own: object): T {
  return new Proxy(original, {
    get(target, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
