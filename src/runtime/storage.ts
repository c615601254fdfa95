import type { Id } from '../graph/manifest.ts'
import type { Adapter } from './adapter.ts'
import type { Entry } from './entry.ts'
import { settledData, upData } from './entry-data.ts'
import { MigrationError, reasonOf } from './errors.ts'
import { type Patience, patiently } from './patience.ts'
import { exclusively } from './queue.ts'

/** An entry before it has its place in a log. */
export type Draft = Omit<Entry, 'serial'>

const KINDS: ReadonlySet<string> = new Set(['genesis', 'up', 'settled', 'checked'] satisfies Entry['kind'][])

/**
 * What this run knows of one storage's log. Read in two depths: `readHead` is the fast path, `catchUp` reads every entry
 * that is not known yet.
 */
export class Storage {
  readonly name: string
  readonly adapter: Adapter
  readonly #patience: Patience
  #head: { readonly genesis: Entry; readonly last: Entry } | null = null
  #known = -1
  #overtakings = 0
  readonly #ups = new Map<string, Map<Id, Entry>>()
  readonly #unsettled = new Map<number, Entry>()
  readonly #settled = new Set<string>()

  constructor(name: string, adapter: Adapter, patience: Patience) {
    this.name = name
    this.adapter = adapter
    this.#patience = patience
  }

  /** The storage's ULID; `null` while it has no log. */
  get target(): string | null {
    return this.#head?.genesis.target ?? null
  }

  get genesis(): Entry | null {
    return this.#head?.genesis ?? null
  }

  get last(): Entry | null {
    return this.#head?.last ?? null
  }

  get nextSerial(): number {
    return this.#known + 1
  }

  /** Grows whenever `catchUp` finds entries: whatever was planned before is out of date. */
  get overtakings(): number {
    return this.#overtakings
  }

  /** `up` entries about `target`, by migration: markers for the storage's own ULID, records for another's. */
  ups(target: string | null): ReadonlyMap<Id, Entry> {
    return (target === null ? undefined : this.#ups.get(target)) ?? new Map()
  }

  /** Own `up` entries whose staged work is not in place, oldest first. */
  get unsettled(): readonly Entry[] {
    return [...this.#unsettled.values()]
  }

  /** Whether this storage has put in place what entry `serial` of `target` announced. */
  hasSettled(target: string, serial: number): boolean {
    return this.#settled.has(`${target}/${serial}`)
  }

  async readHead(): Promise<void> {
    this.#head = await this.#reading(() => this.adapter.log.head())
    if (this.#head) assertReadable(this.name, this.#head.last)
  }

  /** Reads what others appended. After it, `nextSerial` is the end of the log as of now. */
  async catchUp(): Promise<void> {
    const expected = this.#head?.last.serial ?? -1
    const entries = await this.#reading(() => readAll(this.adapter.log.read(this.#known)))
    for (const entry of entries) this.#absorb(entry)
    if (entries.length > 0) this.#overtakings++
    if (this.#known >= expected) return
    throw new MigrationError('MIG_R0221', `The log of "${this.name}" ends before its entry ${expected}.`, {
      target: this.name,
      next: 'restore the log; nothing was changed',
    })
  }

  /** Appends at the end that this run knows. `taken`: somebody else was there first; catch up and plan again. */
  async append(drafts: readonly Draft[]): Promise<'appended' | 'taken'> {
    const entries = drafts.map((draft, offset) => ({ ...draft, serial: this.nextSerial + offset }))
    const answer = await this.#writing(() => this.adapter.log.append(entries))
    if (answer === 'appended') for (const entry of entries) this.#absorb(entry)
    return answer
  }

  /** Takes note of an entry that this run committed by other means than `append`. */
  committed(entry: Entry): void {
    this.#absorb(entry)
  }

  #absorb(entry: Entry): void {
    if (entry.serial !== this.nextSerial || (entry.serial === 0) !== (entry.kind === 'genesis')) {
      const text = `The log of "${this.name}" has ${entry.kind} ${entry.serial} where entry ${this.nextSerial} belongs.`
      throw new MigrationError('MIG_R0221', text, { target: this.name, next: 'restore the log; nothing was changed' })
    }
    assertReadable(this.name, entry)
    this.#head = { genesis: this.#head?.genesis ?? entry, last: entry }
    this.#known = entry.serial
    if (entry.kind === 'up') this.#absorbUp(entry)
    if (entry.kind !== 'settled') return
    const { target, serial } = settledData(entry)
    if (target === this.target) this.#unsettled.delete(serial)
    else this.#settled.add(`${target}/${serial}`)
  }

  #absorbUp(entry: Entry): void {
    if (entry.id === null) return
    const ups = this.#ups.get(entry.target) ?? new Map<Id, Entry>()
    this.#ups.set(entry.target, ups.set(entry.id, entry))
    const { redo } = upData(entry)
    if (entry.target === this.target && redo.length > 0) this.#unsettled.set(entry.serial, entry)
  }

  #reading<T extends object | null>(read: () => Promise<T>): Promise<T> {
    return this.#patiently(read, (error) =>
      this.#error('MIG_R0222', `The log of "${this.name}" cannot be read: ${reasonOf(error)}`, error),
    )
  }

  #writing<T extends string>(write: () => Promise<T>): Promise<T> {
    return this.#patiently(write, (error) =>
      this.#error('MIG_R0207', `The log of "${this.name}" cannot be written: ${reasonOf(error)}`, error),
    )
  }

  async #patiently<T>(call: () => Promise<T>, wrap: (error: unknown) => MigrationError): Promise<T> {
    try {
      return await patiently(this.#patience, this, () => exclusively([this.adapter.client], call))
    } catch (error) {
      throw error instanceof MigrationError ? error : wrap(error)
    }
  }

  #error(code: 'MIG_R0222' | 'MIG_R0207', text: string, cause: unknown): MigrationError {
    return new MigrationError(code, text, { target: this.name, cause, next: 'nothing was changed; see the cause' })
  }
}

async function readAll(source: AsyncIterable<Entry>): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of source) entries.push(entry)
  return entries
}

function assertReadable(name: string, entry: Entry): void {
  if (!KINDS.has(entry.kind)) {
    const text = `The log of "${name}" holds a "${entry.kind}" entry, which a newer version wrote.`
    throw new MigrationError('MIG_R0107', text, { target: name, next: 'update unplugin-migrations' })
  }
  if (entry.done) return
  const text = `Entry ${entry.serial} of "${name}" (${entry.id}) is committed but not completed: the migration ended its own transaction.`
  throw new MigrationError('MIG_R0212', text, {
    target: name,
    attempt: entry.attempt,
    ...(entry.id === null ? {} : { id: entry.id }),
    next: 'look at what took effect, undo it, and remove the entry',
  })
}
