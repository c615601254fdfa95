import type { Session } from '../adapter.ts'
import type { Entry } from '../entry.ts'
import { upData } from '../entry-data.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import type { Json } from '../handles.ts'
import { exclusively } from '../queue.ts'
import { type Run, draft, recordFields } from '../run.ts'
import type { Draft, Storage } from '../storage.ts'
import { tidy } from './tidy.ts'
import { hasSettled, unsettled } from './unsettled.ts'

/** Of what cannot be put in place: throws, but where somebody has said what came of it. */
export type Refused = (error: unknown) => void

const refuse: Refused = (error) => {
  throw error
}

/** Puts in place whatever committed entries announced and no run has settled yet. */
export async function settleOpen(run: Run): Promise<void> {
  for (const storage of run.storages) for (const entry of unsettled(storage)) await settleEntry(run, storage, entry)
}

/**
 * Settles one committed `up` entry: every participant's staged work, a `settled` entry in its log, and last the
 * `settled` entry in the committer's log, which lowers `open`. Any number of processes may do this at once, and it may
 * stop anywhere: what is in place already is left alone.
 *
 * What is complete is written down later: whoever finds that looks for nothing that is left over.
 */
export async function settleEntry(
  run: Run,
  committer: Storage,
  entry: Entry,
  refused: Refused = refuse,
): Promise<void> {
  const { redo } = upData(entry)
  try {
    for (const part of redo) {
      const storage = storageBehind(run, part.target, entry)
      if (storage !== committer) await settleStorage(run, storage, committer, entry, part.redo, refused)
    }
    const own = redo.find(({ target }) => target === committer.target)
    if (own) await settleStorage(run, committer, committer, entry, own.redo, refused)
    else await appendSettled(run, committer, committer, entry)
  } catch (error) {
    if (error instanceof MigrationError) throw withDetails(error, { id: entry.id, attempt: entry.attempt })
    throw new MigrationError('MIG_R0204', `committed, but not settled: ${reasonOf(error)}`, {
      id: entry.id,
      attempt: entry.attempt,
      target: committer.name,
      cause: error,
      next: 'see the cause and start again: every run settles first',
    })
  }
  if (entry.id !== null) void run.emit({ type: 'settled', id: entry.id, target: committer.name })
}

async function settleStorage(
  run: Run,
  storage: Storage,
  committer: Storage,
  entry: Entry,
  redo: Json,
  refused: Refused,
): Promise<void> {
  const session = await storage.adapter.open()
  try {
    await storage.patiently(async () => ((await session.tryLock?.()) ? true : undefined))
    try {
      // Another process may have settled, and the application changed the files since: only the log tells.
      await storage.catchUp()
      if (!hasSettled(storage, entry)) await settleSession(storage, session, redo).catch(refused)
      await appendSettled(run, storage, committer, entry)
      await tidy(run, storage.name, async () => session.discard?.(entry.attempt))
    } finally {
      await tidy(run, storage.name, async () => session.unlock?.())
    }
  } finally {
    await tidy(run, storage.name, () => session.close())
  }
}

function settleSession(storage: Storage, session: Session, redo: Json): Promise<void> {
  return exclusively([storage.adapter.client], async () => session.settle?.(redo))
}

async function appendSettled(run: Run, storage: Storage, committer: Storage, entry: Entry): Promise<void> {
  while (!hasSettled(storage, entry)) {
    const settled = (): Draft => {
      const fields = recordFields(run, storage, false)
      return draft({
        kind: 'settled',
        id: entry.id,
        target: storage.target ?? entry.target,
        attempt: entry.attempt,
        data: { target: entry.target, serial: entry.serial },
        ...fields,
        open: fields.open - (storage === committer ? 1 : 0),
      })
    }
    if ((await storage.append(() => [settled()])) === 'taken') await storage.catchUp()
  }
}

function storageBehind(run: Run, target: string, entry: Entry): Storage {
  const storage = run.storages.find((other) => other.target === target)
  if (storage) return storage
  const { id, attempt } = entry
  throw new MigrationError('MIG_R0108', `staged work in ${target}, which is not bound`, { id, attempt })
}
