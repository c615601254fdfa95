import { MigrationError, reasonOf } from '../errors.ts'
import { LONGEST, SHORTEST, pause, stopIfAborted } from '../patience.ts'
import { type Run, overtakings } from '../run.ts'
import { catchUpAll } from '../several/snapshot.ts'
import { uniqueId } from '../unique-id.ts'
import { Held, cellOf, now } from './held.ts'
import { type LeaseRecord, describe, leaseIn } from './record.ts'

/** `overtaken`: the plan is out of date · `apart`: whoever has the lease works on other storages */
export type Acquired = Held | 'overtaken' | 'apart'

/**
 * Waits until the lease is given back, or until this process's own clock has seen no sign of life of its holder for one and
 * a half times its ttl: no clock is compared with another's. Then the logs are read, and only where nobody has written to
 * them meanwhile it is taken; otherwise there may be nothing left to do.
 *
 * @param isRequired whoever has it is waited for, whatever it works on
 * @throws MigrationError `MIG_R0205` when `wait` has passed, `MIG_R0206` when the signal is aborted, `MIG_R0207` where the
 * cell cannot be read or written
 */
export async function acquire(run: Run, ttl: number, isRequired: boolean): Promise<Acquired> {
  const { state, wait, signal, emit } = run
  const { name: target, adapter } = state
  const end = performance.now() + wait
  const tryOnce = contender(run, ttl, isRequired)
  let failures = 0
  for (let interval = SHORTEST; ; interval = Math.min(interval * 1.5, LONGEST)) {
    let reason: string
    try {
      const answer = await tryOnce()
      if (typeof answer === 'string' || answer instanceof Held) return answer
      reason = describe(answer)
    } catch (error) {
      // Of the logs.
      if (error instanceof MigrationError) throw error
      reason = reasonOf(error)
      // What was sent may be there in spite of it, and the next try finds it.
      if (adapter.classify(error) !== 'retry' && failures++ > 0)
        throw new MigrationError('MIG_R0207', `lease: ${reason}`, { target, cause: error })
    }
    if (performance.now() > end) throw new MigrationError('MIG_R0205', `busy: ${reason}`, { target })
    if (interval === SHORTEST) void emit({ type: 'waiting', target, reason })
    await pause(interval)
    stopIfAborted(signal)
  }
}

/** @returns a function that answers the record of whoever has it, as long as somebody may have it */
function contender(run: Run, ttl: number, isRequired: boolean): () => Promise<Acquired | LeaseRecord> {
  const cell = cellOf(run.state)
  const known = overtakings(run)
  const targets = run.targets.flatMap((storage) => storage.target ?? [])
  const [id = null] = run.planned
  const own = { nonce: uniqueId(), ttl, targets, id, at: new Date().toISOString() }
  let seen: { readonly text: string | null; readonly at: number } | undefined
  let sent = now()
  return async () => {
    const text = await cell.get()
    const record = leaseIn(text)
    // The answer to an earlier try was lost.
    if (text !== null && record.nonce === own.nonce) return new Held(cell, record, text, sent)
    if (!seen || seen.text !== text) seen = { text, at: performance.now() }
    if (record.nonce !== null && performance.now() - seen.at <= record.ttl * 1.5)
      return isRequired || targets.some((uuid) => record.targets.includes(uuid)) ? record : 'apart'
    await catchUpAll(run)
    if (overtakings(run) !== known) return 'overtaken'
    const next: LeaseRecord = { token: record.token + 1, ...own }
    const nextText = JSON.stringify(next)
    sent = now()
    return (await cell.swap(text, nextText)) ? new Held(cell, next, nextText, sent) : record
  }
}
