import { type ConsoleReporterOptions, consoleReporter } from '../../src/observe/console/reporter.ts'
import type { Sink } from '../../src/observe/console/sink.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'

/** Keeps what is written. */
export class Recording implements Sink {
  readonly isTTY: boolean
  readonly columns = 60
  text = ''

  constructor(kind: 'file' | 'terminal' = 'file') {
    this.isTTY = kind === 'terminal'
  }

  write(text: string): void {
    this.text += text
  }

  /** Complete lines, with every duration and time of day replaced. */
  get lines(): readonly string[] {
    const steady = this.text
      .replace(/\d+(?:\.\d+)? m?s$/gm, '7 ms')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2030-01-01T00:00:00.000Z')
    return steady.split('\n').slice(0, -1)
  }
}

/** What a reporter makes of these events. */
export function reported(events: readonly MigrationEvent[], options: ConsoleReporterOptions = {}): readonly string[] {
  const sink = new Recording()
  const report = consoleReporter({ sink, ...options })
  for (const event of events) report(event)
  return sink.lines
}
