/** Where a reporter writes: a stream of Node, or anything with its `write`. */
export interface Sink {
  /** Whole lines with their line break, but for the line that rewrites itself where `isTTY`. */
  write(text: string): unknown
  /** Whether a line can be rewritten. @default false */
  readonly isTTY?: boolean
  /** Width, so that the line that is rewritten stays one. @default 80 */
  readonly columns?: number
}

interface Host {
  readonly process?: {
    readonly stderr?: Sink
    readonly env?: Readonly<Record<string, string | undefined>>
  }
}

const host: Host = globalThis

/** The standard error stream, so that a program's own output stays its own; `console.error` where there is no stream. */
export function defaultSink(): Sink {
  const stderr = host.process?.stderr
  if (typeof stderr?.write === 'function') return stderr
  return { write: (text) => console.error(text.trimEnd()) }
}

/** On a terminal, where neither `NO_COLOR` (no-color.org) nor `TERM=dumb` is set. */
export function wantsColours({ isTTY = false }: Sink): boolean {
  return isTTY && !variable('NO_COLOR') && variable('TERM') !== 'dumb'
}

function variable(name: string): string | undefined {
  try {
    return host.process?.env?.[name]
  } catch {
    // Deno throws where it may not read the environment.
    return undefined
  }
}
