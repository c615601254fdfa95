/** What is used of `@opentelemetry/api`, by structure: the package is the user's, and never imported. */

export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A `Span`. */
export interface SpanLike {
  setAttributes(attributes: Record<string, string | number | boolean>): unknown
  addEvent(name: string, attributes?: Record<string, string | number | boolean>): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

/** A `Tracer`. */
export interface TracerLike<Span extends SpanLike, Context> {
  startSpan(name: string, options?: { attributes?: Record<string, string | number | boolean> }, context?: Context): Span
}

interface InstrumentOptions {
  description?: string
  unit?: string
}

/** A `Meter`. */
export interface MeterLike {
  createCounter(name: string, options?: InstrumentOptions): CounterLike
  createHistogram(name: string, options?: InstrumentOptions): HistogramLike
}

export interface CounterLike {
  add(value: number, attributes?: Record<string, string | number | boolean>): void
}

export interface HistogramLike {
  record(value: number, attributes?: Record<string, string | number | boolean>): void
}

/** `SpanStatusCode.ERROR`. */
export const STATUS_ERROR = 2
