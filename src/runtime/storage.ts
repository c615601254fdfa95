import type { RunCode } from '../diagnostics/run.ts'
import type { Id } from '../graph/manifest.ts'
import type { Adapter, Log } from './adapter.ts'
import type { Entry } from './entry.ts'
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
  readonly adapter: Adapter
  /** Where the next entry of this run goes. */
  nextSerial = 0
  /** Grows whenever others wrote to the log: whatever was planned before is out of date. */
  overtakings = 0
  genesis: Entry | null = null
  last: Entry | null = null
  /** Its `settled` entries. */
  readonly settled: Entry[] = []
  readonly #patience: Patience
  readonly #ups = new Map<string, Map<Id, Entry>>()

  constructor(name: string, adapter: Adapter, patience: Patience) {
    this.name = name
    this.adapter = adapter
    this.#patience = patience
  }

  /** The storage's ULID; `null` while it has no log. */
  get target(): string | null {
    return this.genesis?.target ?? null
  }

  /** Own `up` entries, by migration. */
  get markers(): ReadonlyMap<Id, Entry> {
    return this.ups(this.target)
  }

  /** `up` entries about `target`, by migration: markers for the storage's own ULID, records for another's. */
  ups(target: string | null): ReadonlyMap<Id, Entry> {
    return this.#ups.get(target ?? '') ?? new Map()
  }

  async readHead(): Promise<void> {
    const head = await this.#calling('MIG_R0222', (log) => log.head())
    if (!head) return
    this.#assertReadable(head.genesis, 0)
    this.#assertReadable(head.last, head.last.serial)
    this.genesis = head.genesis
    this.last = head.last
  }

  /** Reads what others appended. After it, `nextSerial` is the end of the log as of now. */
  async catchUp(): Promise<void> {
    const expected = this.last?.serial ?? -1
    const entries = await this.#calling('MIG_R0222', async (log) => {
      const all: Entry[] = []
      for await (const entry of log.read(this.nextSerial - 1)) all.push(entry)
      return all
    })
    for (const entry of entries) this.committed(entry)
    if (entries.length > 0) this.overtakings++
    if (this.nextSerial <= expected)
      throw new MigrationError('MIG_R0221', `log: entry ${expected} is missing`, { target: this.name })
  }

  /** Appends at the end that this run knows. `taken`: somebody else was there first; catch up and plan again. */
  async append(drafts: readonly Draft[]): Promise<'appended' | 'taken'> {
    const entries = drafts.map((draft, offset) => ({ ...draft, serial: this.nextSerial + offset }))
    const answer = await this.#calling('MIG_R0207', (log) => log.append(entries))
    if (answer === 'taken') this.overtakings++
    else for (const entry of entries) this.committed(entry)
    return answer
  }

  /** Takes note of the next entry of the log. */
  committed(entry: Entry): void {
    this.#assertReadable(entry, this.nextSerial)
    const { kind, id, target } = entry
    this.genesis ??= entry
    this.last = entry
    this.nextSerial++
    if (kind === 'up' && id !== null)
      this.#ups.set(target, (this.#ups.get(target) ?? new Map<Id, Entry>()).set(id, entry))
    if (kind === 'settled') this.settled.push(entry)
  }

  /** See `patiently`: what is tried has to do with this storage. */
  patiently<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    return patiently(this.#patience, this, attempt)
  }

  async #calling<T>(code: RunCode, call: (log: Log) => Promise<T>): Promise<T> {
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
