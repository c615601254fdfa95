import type { CounterLike, HistogramLike, MeterLike } from './api.ts'

/**
 * What is counted. No ids among the attributes: each would be a time series of its own, for one measurement. Only
 * `migration.target`, `db.system.name`, `migration.outcome` and, for findings, their code.
 */
export interface Instruments {
  /** Of one migration, from its start to its end. */
  readonly duration: HistogramLike
  /** Calls, those with nothing to do too. */
  readonly runs: CounterLike
  /** Of one call that had something to do, from its first plan to its end. */
  readonly runDuration: HistogramLike
  readonly waits: CounterLike
  readonly findings: CounterLike
}

export function createInstruments(meter: MeterLike): Instruments {
  return {
    duration: meter.createHistogram('migration.duration', { unit: 's', description: 'Time that a migration took' }),
    runs: meter.createCounter('migration.runs', { unit: '{run}', description: 'Runs, by their outcome' }),
    runDuration: meter.createHistogram('migration.run.duration', { unit: 's', description: 'Time that a run took' }),
    waits: meter.createCounter('migration.waits', {
      unit: '{wait}',
      description: 'Times that a run waited for a storage that others used',
    }),
    findings: meter.createCounter('migration.findings', {
      unit: '{finding}',
      description: 'What the history had to say',
    }),
  }
}
