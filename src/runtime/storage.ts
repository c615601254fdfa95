import type { RunCode } from '../diagnostics/run.ts'
import type { Id } from '../graph/manifest.ts'
import type { Adapter, Log } from './adapter.ts'
import type { Entry } from './entry.ts'
import { isApplied } from './entry-data.ts'
import { MigrationError, reasonOf } from './errors.ts'
import { type Patience, patiently } from './patience.ts'
import { exclusively } from './queue.ts'
import { unreadable } from './readable.ts'

/** An entry before it has its place in a log. */
export type Draft = Omit<Entry, 'serial'>

/**
 * What this run knows of one storage's log. Read in two depths: `readHead` is the fast path, `catchUp` reads every entry
 * that is not known yet.
 */
export class Storage {
  readonly name: string
  /** Another one where its log is in the state's: see `withoutLog`. */
  adapter: Adapter
  /** All that was read, or written by this run. The place of an entry is its serial. */
  readonly entries: Entry[] = []
  /** Grows whenever others wrote to the log: whatever was planned before is out of date. */
  overtakings = 0
  genesis: Entry | null = null
  last: Entry | null = null
  /** Entries before this serial are known to have their record in the state store. */
  recorded = 0
  readonly #patience: Patience
  readonly #standing = new Map<string, Map<Id, Entry>>()

  constructor(name: string, adapter: Adapter, patience: Patience) {
    this.name = name
    this.adapter = adapter
    this.#patience = patience
  }

  /** The storage's UUID; `null` while it has no log. */
  get target(): string | null {
    return this.genesis?.target ?? null
  }

  /** Where the next entry of this run goes. */
  get nextSerial(): number {
    return this.entries.length
  }

  /**
   * The last entry about `target` that tells whether a migration is applied there, by migration: its marker for the
   * storage's own UUID, its record for another's.
   */
  standing(target: string | null = this.target): ReadonlyMap<Id, Entry> {
    return this.#standing.get(target ?? '') ?? new Map()
  }

  /** What is applied on `target`, as far as this log tells. */
  applied(target?: string | null): readonly Id[] {
    return [...this.standing(target)].flatMap(([id, entry]) => (isApplied(entry) ? id : []))
  }

  async readHead(): Promise<void> {
    const head = await this.#calling((log) => log.head())
    if (!head) return
    this.#assertReadable(head.genesis, 0)
    this.#assertReadable(head.last, head.last.serial)
    this.genesis = head.genesis
    this.last = head.last
  }

  /** Reads what others appended. After it, `nextSerial` is the end of the log as of now. */
  async catchUp(): Promise<void> {
    const expected = this.last?.serial ?? -1
    const isSame = await this.#calling(async (log) => {
      const known = this.entries.at(-1)
      const all: Entry[] = []
      for await (const entry of log.read(known ? known.serial - 1 : -1)) all.push(entry)
      // A storage may lose what it has acknowledged, and others write as much again: it is another log then.
      if (known && all.shift()?.attempt !== known.attempt) return false
      for (const [place, entry] of all.entries()) this.committed(entry, all[place + 1])
      this.overtakings += all.length
      return this.nextSerial > expected
    })
    if (!isSame) throw new MigrationError('MIG_R0221', `log: entry ${expected} is missing`, { target: this.name })
  }

  /**
   * Appends at the end that this run knows. `taken`: somebody else was there first; catch up and plan again.
   *
   * @param drafts called when nothing else of this process can write: entries go on from the last one as it is then
   */
  async append(drafts: () => readonly Draft[]): Promise<'appended' | 'taken'> {
    return this.#calling(async (log) => {
      const entries = drafts().map((draft, offset) => ({ ...draft, serial: this.nextSerial + offset }))
      const answer = await log.append(entries)
      if (answer === 'taken') this.overtakings++
      else for (const entry of entries) this.committed(entry)
      return answer
    }, 'MIG_R0207')
  }

  /** Takes note of the next entry of the log. @param following the one behind it, where that was read too */
  committed(entry: Entry, following?: Entry): void {
    // Somebody has said there what came of it: it tells nothing itself any more.
    if (!entry.done && following?.attempt === entry.attempt) entry = { ...entry, done: true, generation: 0 }
    this.#assertReadable(entry, this.nextSerial)
    const { id, target } = entry
    this.genesis ??= entry
    this.last = entry
    this.entries.push(entry)
    if (entry.generation && id !== null)
      this.#standing.set(target, (this.#standing.get(target) ?? new Map<Id, Entry>()).set(id, entry))
  }

  /** See `patiently`: what is tried has to do with this storage. */
  patiently<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    return patiently(this.#patience, this, attempt)
  }

  async #calling<T>(call: (log: Log) => Promise<T>, code: RunCode = 'MIG_R0222'): Promise<T> {
    const { client, log } = this.adapter
    try {
      return await this.patiently(() => exclusively([client], () => call(log)))
    } catch (error) {
      if (error instanceof MigrationError) throw error
      // Of JSON that an adapter could not read.
      const isDamaged = error instanceof SyntaxError
      throw new MigrationError(isDamaged ? 'MIG_R0221' : code, `log: ${reasonOf(error)}`, {
        cause: error,
        target: this.name,
      })
    }
  }

  #assertReadable(entry: Entry, expected: number): void {
    const { serial, kind, id, attempt } = entry
    const code = unreadable(entry, expected)
    if (code)
      throw new MigrationError(code, `log: entry ${expected} is ${serial} ${kind} ${id}`, {
        id,
        attempt,
        target: this.name,
      })
  }
}
