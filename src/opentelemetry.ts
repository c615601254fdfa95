export type { CounterLike, HistogramLike, MeterLike, SpanLike, TracerLike } from './observe/opentelemetry/api.ts'
export { openTelemetry } from './observe/opentelemetry/consumer.ts'
export type { OpenTelemetryOptions } from './observe/opentelemetry/consumer.ts'
