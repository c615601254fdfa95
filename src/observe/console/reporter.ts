import type { MigrationEvent } from '../../runtime/options.ts'
import { type RedactOptions, type Redactor, createRedactor } from '../redact.ts'
import { describeEvent } from './describe-event.ts'
import { type Line, formatDuration } from './line.ts'
import { Screen } from './screen.ts'
import { type Sink, defaultSink, wantsColours } from './sink.ts'

export interface ConsoleReporterOptions extends RedactOptions {
  /** @default standard error, else `console.error` */
  readonly sink?: Sink
  /** @default true on a terminal without `NO_COLOR` */
  readonly colours?: boolean
}

type EventOf<Type extends MigrationEvent['type']> = Extract<MigrationEvent, { readonly type: Type }>

/** Between two lines of progress where lines cannot be rewritten, in ms. */
const PROGRESS_INTERVAL = 10_000

/**
 * Prints a run in short lines: what was applied where and how long it took, who waits for what, what the history has to
 * say, what failed and what to do. For one call at a time: give calls that overlap a reporter each. All texts are redacted
 * (`secrets`). Events that it does not know are ignored.
 */
export function consoleReporter(options: ConsoleReporterOptions = {}): (event: MigrationEvent) => void {
  const report = new Report(options)
  return (event) => report.tell(event)
}

class Report {
  readonly #redactor: Redactor
  readonly #screen: Screen
  /** Target → when its wait began. All times are of the monotonic clock. */
  readonly #waiting = new Map<string, number>()
  /** Id → target, of what was started. */
  readonly #targets = new Map<string, string>()
  /** Of the call's first event. */
  #since: number | undefined
  #done = 0
  #progressAt = -PROGRESS_INTERVAL

  constructor(options: ConsoleReporterOptions) {
    const { sink = defaultSink(), colours = wantsColours(sink) } = options
    this.#redactor = createRedactor(options)
    this.#screen = new Screen(sink, colours)
  }

  tell(event: MigrationEvent): void {
    if (event.type === 'ended') return this.#end(event)
    this.#since ??= performance.now()
    if (event.type === 'waiting' && this.#waiting.has(event.target)) return
    if (event.type !== 'waiting' && 'target' in event) this.#endWait(event.target)
    const line = describeEvent(event, this.#redactor)
    if (line) this.#screen.print(line)
    this.#follow(event)
  }

  #follow(event: MigrationEvent): void {
    switch (event.type) {
      case 'planned':
        return this.#screen.columns.widen(event.pending.map(this.#redactor.text))
      case 'started':
        this.#targets.set(event.id, event.target)
        return this.#screen.draw(this.#running(event.id, ''))
      case 'progress':
        return this.#progress(event)
      case 'waiting':
        this.#waiting.set(event.target, performance.now())
        return
      case 'applied':
        if (event.kind !== 'step') this.#done++
        return
      case 'failed':
        return this.#reset()
      default:
    }
  }

  /** A target of which something is told waits no more. */
  #endWait(target: string): void {
    const since = this.#waiting.get(target)
    if (since === undefined) return
    this.#waiting.delete(target)
    const detail = formatDuration(performance.now() - since)
    this.#screen.print({ word: 'waited', tone: 'quiet', subject: this.#redactor.text(target), detail })
  }

  #progress({ id, done, total }: EventOf<'progress'>): void {
    const line = this.#running(id, total === undefined ? `${done}` : `${done} of ${total}`)
    if (this.#screen.isLive) return this.#screen.draw(line)
    if (performance.now() - this.#progressAt < PROGRESS_INTERVAL) return
    this.#progressAt = performance.now()
    this.#screen.print(line)
  }

  #end({ outcome }: EventOf<'ended'>): void {
    const subject = this.#done === 1 ? '1 migration' : `${this.#done} migrations`
    const detail = this.#since === undefined ? '' : formatDuration(performance.now() - this.#since)
    this.#screen.print({ word: outcome, tone: 'good', subject, detail })
    this.#reset()
  }

  #reset(): void {
    this.#since = undefined
    this.#done = 0
    this.#waiting.clear()
    this.#targets.clear()
  }

  #running(id: string, detail: string): Line {
    const { text } = this.#redactor
    return { word: 'running', tone: 'quiet', subject: text(id), target: text(this.#targets.get(id) ?? ''), detail }
  }
}
