import type { RunCode } from '../diagnostics/run.ts'
import type { Id } from '../graph/manifest.ts'
import type { Adapter } from './adapter.ts'
import type { Entry } from './entry.ts'
import { settledData, upData } from './entry-data.ts'
import { isEntry, isKnown } from './entry-shape.ts'
import { MigrationError, reasonOf } from './errors.ts'
import { type Patience, patiently } from './patience.ts'
import { exclusively } from './queue.ts'

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
  /** Grows whenever `catchUp` finds entries: whatever was planned before is out of date. */
  overtakings = 0
  genesis: Entry | null = null
  last: Entry | null = null
  readonly #patience: Patience
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
    return this.genesis?.target ?? null
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
    const head = await this.#calling('read', () => this.adapter.log.head())
    if (!head) return
    this.#assertReadable(head.genesis)
    this.#assertReadable(head.last)
    if (head.genesis.serial !== 0) throw this.#error('MIG_R0221', 'has no first entry')
    this.genesis = head.genesis
    this.last = head.last
  }

  /** Reads what others appended. After it, `nextSerial` is the end of the log as of now. */
  async catchUp(): Promise<void> {
    const expected = this.last?.serial ?? -1
    const entries = await this.#calling('read', () => readAll(this.adapter.log.read(this.nextSerial - 1)))
    for (const entry of entries) this.committed(entry)
    if (entries.length > 0) this.overtakings++
    if (this.nextSerial <= expected) throw this.#error('MIG_R0221', `ends before its entry ${expected}`)
  }

  /** Appends at the end that this run knows. `taken`: somebody else was there first; catch up and plan again. */
  async append(drafts: readonly Draft[]): Promise<'appended' | 'taken'> {
    const entries = drafts.map((draft, offset) => ({ ...draft, serial: this.nextSerial + offset }))
    const answer = await this.#calling('written', () => this.adapter.log.append(entries))
    if (answer === 'appended') for (const entry of entries) this.committed(entry)
    return answer
  }

  /** Takes note of the next entry of the log. */
  committed(entry: Entry): void {
    this.#assertReadable(entry)
    const { serial, kind, id, target } = entry
    if (serial !== this.nextSerial || (serial === 0) !== (kind === 'genesis'))
      throw this.#error('MIG_R0221', `has ${kind} ${serial} where entry ${this.nextSerial} belongs`)
    this.genesis ??= entry
    this.last = entry
    this.nextSerial++
    if (kind === 'up' && id !== null) {
      this.#ups.set(target, (this.#ups.get(target) ?? new Map<Id, Entry>()).set(id, entry))
      if (target === this.target && upData(entry).redo.length > 0) this.#unsettled.set(serial, entry)
    }
    if (kind !== 'settled') return
    const settled = settledData(entry)
    if (settled.target === this.target) this.#unsettled.delete(settled.serial)
    else this.#settled.add(`${settled.target}/${settled.serial}`)
  }

  async #calling<T>(what: 'read' | 'written', call: () => Promise<T>): Promise<T> {
    try {
      return await patiently(this.#patience, this, () => exclusively([this.adapter.client], call))
    } catch (error) {
      if (error instanceof MigrationError) throw error
      const code = what === 'read' ? 'MIG_R0222' : 'MIG_R0207'
      throw this.#error(code, `cannot be ${what}: ${reasonOf(error)}`, { cause: error })
    }
  }

  #assertReadable(entry: Entry): void {
    const { serial, kind, id, attempt, done } = entry
    if (!isEntry(entry)) throw this.#error('MIG_R0221', `holds data of another shape in entry ${serial} (${kind})`)
    if (!isKnown(entry)) throw this.#error('MIG_R0107', `holds a "${kind}" entry, which a newer version wrote`)
    if (done) return
    const text = `holds entry ${serial} (${id}), which is committed but not completed: the migration ended its own transaction`
    throw this.#error('MIG_R0212', text, { id: id ?? undefined, attempt })
  }

  #error(code: RunCode, what: string, details: object = {}): MigrationError {
    return new MigrationError(code, `The log of "${this.name}" ${what}.`, { target: this.name, ...details })
  }
}

async function readAll(source: AsyncIterable<Entry>): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of source) entries.push(entry)
  return entries
}
