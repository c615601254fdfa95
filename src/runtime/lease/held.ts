import type { Cell } from '../adapter.ts'
import { MigrationError } from '../errors.ts'
import { exclusively } from '../queue.ts'
import type { Storage } from '../storage.ts'
import { uniqueId } from '../unique-id.ts'
import type { LeaseRecord } from './record.ts'

/** When something was sent, by both clocks: the monotonic one may stand still while the machine does, the other one may jump. */
interface Moment {
  readonly monotonic: number
  readonly wall: number
}

export function now(): Moment {
  return { monotonic: performance.now(), wall: Date.now() }
}

function since({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall)
}

/** The cell, while nobody else of this process uses its client. */
export function cellOf({ adapter, name }: Storage): Cell {
  const { lease, client } = adapter
  if (!lease) throw new MigrationError('MIG_R0207', 'has no lease', { target: name })
  return {
    get: () => exclusively([client], () => lease.get()),
    swap: (expected, next) => exclusively([client], () => lease.swap(expected, next)),
  }
}

/** A lease that this run has, with a sign of life every third of its time until it is given back. */
export class Held {
  readonly #cell: Cell
  readonly #record: LeaseRecord
  /** What the cell holds, as far as is known. */
  #text: string
  /** What was sent, and may be there in spite of an error. */
  #sent: { readonly text: string; readonly at: Moment } | undefined
  #last: Moment
  #isTaken = false
  #hasEnded = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #renewal: Promise<void> = Promise.resolve()

  /** @param at when the swap was sent that has put `text` there */
  constructor(cell: Cell, record: LeaseRecord, text: string, at: Moment) {
    this.#cell = cell
    this.#record = record
    this.#text = text
    this.#last = at
    this.#renewIn(record.ttl / 3)
  }

  /** Others may believe that it is theirs, or soon will. It only saves work to ask. */
  get isLost(): boolean {
    return this.#isTaken || since(this.#last) > this.#record.ttl * 0.6
  }

  /** For whoever waits. Where somebody else has it, or it cannot be reached, its time runs out. */
  async giveBack(): Promise<void> {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    // A sign of life on its way must not come after it.
    await this.#renewal
    if (!this.#isTaken) await this.#swap({ ...this.#record, nonce: null }).catch(() => {})
  }

  #renewIn(milliseconds: number): void {
    if (this.#hasEnded || this.#isTaken) return
    this.#timer = setTimeout(() => {
      this.#renewal = this.#swap({ ...this.#record, nonce: uniqueId() }).then(
        () => this.#renewIn(this.#record.ttl / 3),
        () => this.#renewIn(this.#record.ttl / 20),
      )
    }, milliseconds)
    // Node's timers would keep the process alive; elsewhere they are numbers.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  async #swap(record: LeaseRecord): Promise<void> {
    const before = this.#sent
    const sent = { text: JSON.stringify(record), at: now() }
    this.#sent = sent
    const isThere = await this.#cell.swap(this.#text, sent.text)
    if (isThere) return this.#renewed(sent)
    // Taken by somebody else, or an answer was lost and what was sent is there.
    const text = await this.#cell.get()
    const own = [before, sent].find((known) => known !== undefined && known.text === text)
    if (!own) {
      this.#isTaken = true
      return
    }
    this.#renewed(own)
    if (own !== sent) await this.#swap(record)
  }

  #renewed({ text, at }: { readonly text: string; readonly at: Moment }): void {
    this.#text = text
    this.#last = at
  }
}
