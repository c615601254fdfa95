import type { Direct } from '../adapter.ts'
import type { Attempt } from '../attempt.ts'
import type { Entry } from '../entry.ts'
import { draft, recordFields } from '../run.ts'
import type { Storage } from '../storage.ts'
import type { JournalData } from './journal.ts'

/** Others have written to the log: what was planned from it is out of date. */
export class Overtaken extends Error {}

/**
 * `inside`: the entry is the last statement of the transaction that is open, and ends it. `outside`: durable by itself.
 * `after`: the same, and it tells of what has happened, whatever others have written meanwhile.
 */
export type Place = 'inside' | 'outside' | 'after'

/** Writes what became of a statement. @throws Overtaken */
export async function appendJournal(
  { run, bound, entry }: Pick<Attempt, 'run' | 'bound' | 'entry'>,
  direct: Direct,
  data: JournalData,
  place: Place,
): Promise<void> {
  const { committer } = bound
  const { id, hash, target, attempt } = entry
  for (let isOvertaken = false; ; isOvertaken = await catchUp(committer, direct)) {
    const line = draft({ kind: 'step', id, hash, target, attempt, data, ...recordFields(run, committer, false) })
    const answer = await append(committer, direct, { ...line, serial: committer.nextSerial }, place)
    if (answer === 'appended' && !isOvertaken) return
    if (answer === 'appended' || place !== 'after') throw new Overtaken()
  }
}

export async function append(
  storage: Storage,
  direct: Direct,
  entry: Entry,
  place: Place,
): Promise<'appended' | 'taken'> {
  const answer = await (place === 'inside' ? direct.commit([entry]) : direct.append([entry]))
  if (answer === 'appended') storage.committed(entry)
  return answer
}

/** Reads what others wrote, on the connection that holds the lock. @returns whether there was anything */
export async function catchUp(storage: Storage, direct: Direct): Promise<boolean> {
  const known = storage.nextSerial
  const entries: Entry[] = []
  for await (const entry of direct.read(known - 1)) entries.push(entry)
  for (const [place, entry] of entries.entries()) storage.committed(entry, entries[place + 1])
  return storage.nextSerial > known
}
