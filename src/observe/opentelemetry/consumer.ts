import { OUTCOME_WORDS } from '../outcome-word.ts'
import { packageOf } from '../../graph/manifest.ts'
import type { MigrationEvent } from '../../runtime/options.ts'
import { failureOf } from '../failure.ts'
import { type RedactOptions, type Redactor, createRedactor } from '../redact.ts'
import type { Attributes, MeterLike, SpanLike, TracerLike } from './api.ts'
import { recordFailure } from './exception.ts'
import { type Instruments, createInstruments } from './instruments.ts'
import { type MigrationSpan, tellProgress } from './migration-span.ts'
import { type DescribedAdapter, storageAttributes } from './storage-attributes.ts'

export interface OpenTelemetryOptions<Span extends SpanLike, Context> extends RedactOptions {
  /** `trace.getTracer('my-app')` */
  readonly tracer?: TracerLike<Span, Context>
  /** `metrics.getMeter('my-app')` */
  readonly meter?: MeterLike
  /**
   * The context in which a span is the active one: `(span) => trace.setSpan(context.active(), span)`. It makes the spans
   * of migrations children of the run's; without it all are children of the span that is active.
   */
  readonly contextOf?: (span: Span) => Context
  /** `adapters` of the configuration: they say what `db.system.name` is. */
  readonly adapters?: Readonly<Record<string, DescribedAdapter>>
}

type EventOf<Type extends MigrationEvent['type']> = Extract<MigrationEvent, { readonly type: Type }>

/**
 * Makes spans and metrics of a run: one span for the run, where it has something to do, and one for each migration,
 * with `migration.id`, `migration.target`, `migration.attempt` and `migration.outcome`. For one call at a time: give calls
 * that overlap a consumer each. Texts and errors are redacted (`secrets`). Events that it does not know are ignored.
 */
export function openTelemetry<Span extends SpanLike, Context>(
  options: OpenTelemetryOptions<Span, Context>,
): (event: MigrationEvent) => void {
  const consumer = new Consumer(options)
  return (event) => consumer.tell(event)
}

class Consumer<Span extends SpanLike, Context> {
  readonly #options: OpenTelemetryOptions<Span, Context>
  readonly #adapters: ReadonlyMap<string, DescribedAdapter>
  readonly #redactor: Redactor
  readonly #instruments: Instruments | undefined
  readonly #running = new Map<string, MigrationSpan>()
  #run: Span | undefined
  /** Of the run's first plan, on the monotonic clock. */
  #since: number | undefined
  #applied = 0

  constructor(options: OpenTelemetryOptions<Span, Context>) {
    this.#options = options
    this.#adapters = new Map(Object.entries(options.adapters ?? {}))
    this.#redactor = createRedactor(options)
    this.#instruments = options.meter && createInstruments(options.meter)
  }

  tell(event: MigrationEvent): void {
    switch (event.type) {
      case 'planned':
        this.#since ??= performance.now()
        this.#run ??= this.#options.tracer?.startSpan('migrate')
        this.#run?.addEvent('planned', { pending: event.pending.length })
        return
      case 'started':
        return this.#start(event)
      case 'committed':
      case 'settled':
        this.#spanOf(event.id)?.addEvent(event.type, { 'migration.id': event.id })
        return
      case 'log':
        this.#spanOf(event.id)?.addEvent('log', { message: this.#redactor.text(event.message) })
        return
      case 'progress': {
        const running = this.#running.get(event.id)
        if (running) tellProgress(running, event.done, event.total)
        return
      }
      case 'waiting':
        this.#instruments?.waits.add(1, this.#storage(event.target))
        return this.#tellTarget(event.target, 'waiting', { reason: this.#redactor.text(event.reason) })
      case 'skipped':
        this.#run?.addEvent('skipped', { 'migration.id': event.id })
        return this.#finish(event.id, event.type)
      case 'untidied':
        return this.#tellTarget(event.target, 'untidied', { reason: this.#redactor.error(event.error).message })
      case 'finding':
        return this.#find(event.finding)
      case 'applied':
        if (event.kind !== 'step') this.#applied++
        return this.#finish(event.id, OUTCOME_WORDS[event.kind])
      case 'overtaken':
        return this.#finish(event.id, event.type)
      case 'failed':
        this.#finish(failureOf(event.error).id ?? '', 'failed', event)
        return this.#end('failed', event)
      case 'ended':
        return this.#end(event.outcome)
      default:
    }
  }

  #start({ id, target, attempt }: EventOf<'started'>): void {
    // A second try of the same migration, or the next of its steps.
    this.#finish(id, 'superseded')
    const { tracer, contextOf } = this.#options
    const attributes = this.#storage(target)
    const about = { 'migration.id': id, 'migration.package': packageOf(id), 'migration.attempt': attempt }
    const context = this.#run && contextOf?.(this.#run)
    const span = tracer?.startSpan(`migration ${id}`, { attributes: { ...attributes, ...about } }, context)
    this.#running.set(id, { span, target, attributes, startedAt: performance.now(), nextProgress: 0 })
  }

  #finish(id: string, outcome: string, failure?: { readonly error: unknown }): void {
    const running = this.#running.get(id)
    if (!running) return
    this.#running.delete(id)
    const { span, attributes, startedAt } = running
    const ended = { 'migration.outcome': outcome }
    span?.setAttributes(ended)
    if (span && failure) recordFailure(span, failure.error, this.#redactor)
    span?.end()
    this.#instruments?.duration.record(secondsSince(startedAt), { ...attributes, ...ended })
  }

  #end(outcome: string, failure?: { readonly error: unknown }): void {
    // Whatever nothing more was told of: the run stopped beside it.
    for (const id of this.#running.keys()) this.#finish(id, 'unknown')
    const [run, since, applied] = [this.#run, this.#since, this.#applied]
    this.#run = undefined
    this.#since = undefined
    this.#applied = 0
    const ended = { 'migration.outcome': outcome }
    this.#instruments?.runs.add(1, ended)
    if (since !== undefined) this.#instruments?.runDuration.record(secondsSince(since), ended)
    run?.setAttributes({ ...ended, 'migration.applied': applied })
    if (run && failure) recordFailure(run, failure.error, this.#redactor)
    run?.end()
  }

  #find({ code, id, text }: EventOf<'finding'>['finding']): void {
    this.#instruments?.findings.add(1, { 'migration.finding': code })
    this.#run?.addEvent('finding', { 'migration.id': id, code, text: this.#redactor.text(text) })
  }

  /** Tells all that run on a target, or the run where none does. */
  #tellTarget(target: string, name: string, attributes: Readonly<Record<string, string | number>>): void {
    const spans = [...this.#running.values()].filter((running) => running.target === target).map(({ span }) => span)
    for (const span of spans.length > 0 ? spans : [this.#run])
      span?.addEvent(name, { 'migration.target': target, ...attributes })
  }

  /** Of what was staged by an earlier run, this one's. */
  #spanOf(id: string): SpanLike | undefined {
    const running = this.#running.get(id)
    return running ? running.span : this.#run
  }

  #storage(target: string): Attributes {
    return storageAttributes(target, this.#adapters.get(target))
  }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000
}
