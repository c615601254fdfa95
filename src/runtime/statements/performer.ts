import type { Direct, Perform, Statement } from '../adapter.ts'
import type { Attempt } from '../attempt.ts'
import type { Entry } from '../entry.ts'
import { MigrationError } from '../errors.ts'
import { stopIfAborted } from '../patience.ts'
import { sha256 } from '../sha256.ts'
import { type Journal, type JournalData, journalOf } from './journal.ts'
import { type Place, appendJournal } from './append.ts'

/**
 * Carries out the statements of one try, in the order in which they are asked for, and leaves out those that the journal
 * holds. What takes part in transactions is in one with its journal entry, up to the next statement that commits by
 * itself; of that one the journal tells before and after. But for those, a transaction is open all the time.
 */
export class Performer {
  /** The statement that failed last. */
  failure: { readonly k: number; readonly statement: Statement; readonly error: unknown } | undefined
  /** It was sent, commits by itself, and nobody has seen its end. */
  running: Statement | undefined
  readonly #attempt: Attempt
  readonly #direct: Direct
  readonly #journal: Journal
  /** By the journal, whether they are done again or not. */
  readonly #stays: number
  /** How many are not to be done any more. */
  #done: number
  /** How many were asked for, and the digest over their texts. */
  #asked = { k: 0, statement: '' }
  /** Somebody acts past us, and no journal holds what is done so. */
  #isTouched = false
  /** Nothing may follow, even where the author caught it. */
  #stop: { readonly error: unknown } | undefined
  #tail: Promise<unknown> = Promise.resolve()

  constructor(attempt: Attempt, direct: Direct) {
    this.#attempt = attempt
    this.#direct = direct
    const { committer, migration } = attempt.bound
    const journal = journalOf(committer, migration)
    // What failed may have left something behind (an invalid index) that the statements before are to take away.
    const startsOver = journal.hasFailed && migration.traits?.idempotent === true
    this.#journal = startsOver ? { ...journal, done: 0, statement: '' } : journal
    this.#stays = journal.done
    this.#done = this.#journal.done
  }

  /** How many statements have taken effect for good, in this try or before. */
  get done(): number {
    return Math.max(this.#done, this.#stays)
  }

  /** One after the other, also where nobody waits for the one before. */
  readonly perform: Perform = (statement, execute) => {
    const answer = this.#tail.then(() => this.#next(statement, execute))
    this.#tail = answer.catch((error: unknown) => {
      if (!this.#direct.isAnswer(error) || this.#isBusy(error)) this.#stop ??= { error }
    })
    return answer
  }

  readonly touched = (): void => {
    this.#isTouched = true
  }

  /** When the work has ended. @throws what it must not have caught · MigrationError `MIG_R0272` */
  assertWhole(): void {
    if (this.#stop) throw this.#stop.error
    const [asked, done] = [this.#asked.k, this.#journal.done]
    // A probe has said that all is done.
    const isLeftOut = asked === 0 && this.#attempt.mayRepeat
    if (asked < done && !isLeftOut) throw this.#other(`it has ${asked} statements, and ${done} have run`)
  }

  /** Whether the transaction may be gone, with all that was done in it. */
  #isBusy(error: unknown): boolean {
    return this.#attempt.bound.committer.adapter.classify(error) === 'retry'
  }

  async #next(statement: Statement, execute: () => Promise<void>): Promise<void> {
    if (this.#stop) throw this.#stop.error
    const { run, bound } = this.#attempt
    stopIfAborted(run.signal)
    if (statement.effect === 'session') return this.#execute(statement, execute)
    const asked = { k: this.#asked.k + 1, statement: await sha256(`${this.#asked.statement}\n${statement.text}`) }
    const { done, statement: ran, unclear } = this.#journal
    if (asked.k === done) this.#assertSame(asked, ran, statement)
    if (asked.k === unclear?.k) this.#assertClear(asked, unclear, statement)
    const isAlone = asked.k > done && statement.effect === 'alone'
    if (isAlone && this.#isTouched) throw new MigrationError('MIG_R0273', `${statement.shown} after \`raw\``)
    if (isAlone) await this.#commit()
    this.#asked = asked
    if (isAlone) return this.#alone(statement, execute)
    if (asked.k <= done) return undefined
    await this.#execute(statement, execute)
    if (bound.migration.traits?.transaction !== false) return undefined
    await this.#commit()
    return this.#direct.begin()
  }

  async #execute(statement: Statement, execute: () => Promise<void>): Promise<void> {
    try {
      await execute()
    } catch (error) {
      this.failure = { k: this.#asked.k, statement, error }
      throw error
    }
  }

  /** Outside of a transaction, and that is where it ends. */
  async #alone(statement: Statement, execute: () => Promise<void>): Promise<void> {
    await this.#write('begin')
    this.running = statement
    try {
      // Where it did not get a lock, nothing happened.
      await this.#attempt.bound.committer.patiently(async () => {
        await this.#execute(statement, execute)
        return true
      })
    } catch (error) {
      if (this.#direct.isAnswer(this.failure?.error)) {
        await this.#write('failed', 'after')
        this.running = undefined
        await this.#direct.begin()
      }
      throw error
    }
    await this.#write('end', 'after')
    this.running = undefined
    this.#done = this.#asked.k
    await this.#direct.begin()
  }

  /** What was done in the transaction that is open, together with the journal's word of it. */
  async #commit(): Promise<void> {
    if (this.#asked.k > this.#done) await this.#write('end', 'inside')
    else await this.#direct.commit([])
    this.#done = Math.max(this.#done, this.#asked.k)
  }

  #write(phase: JournalData['phase'], place: Place = 'outside'): Promise<void> {
    return appendJournal(this.#attempt, this.#direct, { phase, ...this.#asked }, place)
  }

  #assertSame({ k, statement: digest }: Omit<JournalData, 'phase'>, ran: string, { shown, line }: Statement): void {
    if (digest === ran) return
    throw this.#other(`statement ${k} (line ${line}) is not what has run, or one before: ${shown}`)
  }

  #other(text: string): MigrationError {
    return new MigrationError('MIG_R0272', text, { attempt: this.#journal.attempt })
  }

  #assertClear(
    asked: Omit<JournalData, 'phase'>,
    unclear: NonNullable<Journal['unclear']>,
    statement: Statement,
  ): void {
    this.#assertSame(asked, unclear.statement, statement)
    if (this.#attempt.mayRepeat) return
    const { migration, committer } = this.#attempt.bound
    throw unclearError({ id: migration.id, target: committer.name }, unclear, statement)
  }
}

/** Whether it took effect, only somebody who looks at the storage can tell. */
export function unclearError(
  about: { readonly id: string; readonly target: string },
  { k, attempt }: Pick<NonNullable<Journal['unclear']>, 'k' | 'attempt'>,
  { line, shown }: Statement,
): MigrationError {
  return new MigrationError('MIG_R0270', `statement ${k} (line ${line}) may have taken effect: ${shown}`, {
    ...about,
    attempt,
    next: whatToAnswer({ id: about.id, attempt }),
  })
}

export function whatToAnswer({ id, attempt }: Pick<Entry, 'id' | 'attempt'>): string {
  return `look whether it did, then resolve('${id}', 'applied' or 'not-applied', { attempt: '${attempt}', reason })`
}
