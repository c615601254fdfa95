import type { RunCode } from '../../diagnostics/run.ts'
import type { Direct } from '../adapter.ts'
import { type Attempt, perform } from '../attempt.ts'
import type { Entry } from '../entry.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import { exclusively } from '../queue.ts'
import { recordFields } from '../run.ts'
import type { Storage } from '../storage.ts'
import { Overtaken, append, catchUp } from './append.ts'
import { journalData, journalOf } from './journal.ts'
import { underLock } from './lock.ts'
import { Performer, unclearError, whatToAnswer } from './performer.ts'

/** The connection ended: what was sent last may still be going on. */
interface Lost {
  readonly error: unknown
  readonly performer: Performer
}

/**
 * Runs one unit of work statement by statement, under the lock of its storage: whoever waited for it reads the log again,
 * since the one before may have done the work. Goes on behind what the journal holds.
 *
 * @returns the entry that says that it is complete; `taken` where another process has written to the log
 * @throws MigrationError `MIG_R0270` unclear · `MIG_R0271` the lock was lost · `MIG_R0272` · `MIG_R0275` failed, and what
 * ran before stays · `MIG_R0201` failed, and nothing has taken effect · `MIG_R0202` the log cannot be read
 */
export function commitStatements(given: Attempt): Promise<Entry | 'taken'> {
  const { run, bound, entry } = given
  const { traits, has } = bound.migration
  // Whoever comes to a statement behind a probe knows that it has said no.
  const isProbed = entry.kind === 'up' && has.includes('probe')
  const attempt = { ...given, mayRepeat: given.mayRepeat ?? traits?.idempotent ?? isProbed }
  const { committer } = bound
  const about = { id: entry.id, target: committer.name, attempt: entry.attempt }
  return exclusively([committer.adapter.client], async () => {
    try {
      const ended = await underLock(run, committer, async (direct): Promise<Entry | 'taken' | Lost> => {
        if (await catchUp(committer, direct)) return 'taken'
        return committer.patiently(() => runOnce(attempt, direct))
      })
      return ended === 'taken' || 'serial' in ended ? ended : await outcomeOf(attempt, ended)
    } catch (error) {
      throw coded(error, 'MIG_R0201', about)
    }
  })
}

async function runOnce(attempt: Attempt, direct: Direct): Promise<Entry | 'taken' | Lost> {
  const { run, bound, complete } = attempt
  const { committer } = bound
  const performer = new Performer(attempt, direct)
  try {
    await direct.begin()
    const start = performance.now()
    const more = await perform(attempt, {
      handle: (kind) => direct.handle(kind, performer.perform, performer.touched),
    })
    performer.assertWhole()
    const data = { ms: Math.round(performance.now() - start), redo: [], ...more }
    const { open = 0 } = committer.last ?? {}
    const fields = { ...recordFields(run, committer, complete, [attempt.entry]), data, open, done: true }
    const entry: Entry = { ...attempt.entry, ...fields, serial: committer.nextSerial }
    return (await append(committer, direct, entry, 'inside')) === 'taken' ? 'taken' : entry
  } catch (error) {
    try {
      await direct.rollback()
    } catch {
      return { error, performer }
    }
    if (error instanceof Overtaken) return 'taken'
    // Some of it has taken effect, and only its author knows what: no run goes on before somebody has looked.
    if (error instanceof MigrationError && error.code === 'MIG_R0212')
      await direct.append([{ ...attempt.entry, serial: committer.nextSerial }])
    const failed = performer.done === 0 ? 'MIG_R0201' : 'MIG_R0275'
    const code = performer.running ? 'MIG_R0270' : failed
    const isAsked = performer.running && !attempt.mayRepeat
    throw explained(error, performer, committer, code, isAsked ? { next: whatToAnswer(attempt.entry) } : {})
  }
}

/** By the log, as soon as the server has come to the end of what that connection had sent. */
async function outcomeOf(attempt: Attempt, { error, performer }: Lost): Promise<Entry> {
  const { run, bound, entry } = attempt
  const { committer } = bound
  try {
    await underLock(run, committer, (direct) => catchUp(committer, direct))
  } catch (cause) {
    throw new MigrationError('MIG_R0202', `${reasonOf(error)}; ${reasonOf(cause)}`, { cause: error })
  }
  const own = committer.entries.slice(entry.serial)
  // One without data escaped, and somebody has said meanwhile what came of it.
  const isIts = (found: Entry): boolean => found.kind === entry.kind && found.attempt === entry.attempt
  const committed = own.find((found) => isIts(found) && found.data && !journalData(found))
  if (committed) return committed
  const { running } = performer
  const { unclear } = journalOf(committer, bound.migration)
  if (running && unclear && !attempt.mayRepeat)
    throw unclearError({ id: bound.migration.id, target: committer.name }, unclear, running)
  throw explained(error, performer, committer, 'MIG_R0271')
}

/** What the author's code threw, with the statement that it comes from, and what stays. */
function explained(
  error: unknown,
  { failure, done }: Performer,
  { adapter }: Storage,
  code: RunCode,
  more: { readonly next?: string } = {},
): unknown {
  // A transaction that the server has given up: all of the work is done again.
  if (failure && adapter.classify(failure.error) === 'retry') return failure.error
  // What has run already may be why its `when` says no now.
  const isHalf = done > 0 && Object(error).code === 'MIG_R0308'
  if (error instanceof MigrationError && !isHalf) return error
  const { k, statement } = failure?.error === error && failure ? failure : { k: done, statement: undefined }
  const where = statement ? `statement ${k} (line ${statement.line}): ${statement.shown}: ` : ''
  const text = `${where}${reasonOf(error)}`
  const whole = done === 0 ? text : `${text}; the ${done} statements before stay`
  return new MigrationError(code, whole, { ...more, cause: error })
}

function coded(cause: unknown, code: RunCode, about: Parameters<typeof withDetails>[1]): unknown {
  const error = cause instanceof MigrationError ? cause : new MigrationError(code, reasonOf(cause), { cause })
  return withDetails(error, { ...about, ...(error.attempt === undefined ? {} : { attempt: error.attempt }) })
}
