import { Columns, type Line } from './line.ts'
import type { Sink } from './sink.ts'

const CLEAR_LINE = '\r\u001B[2K'
const DEFAULT_COLUMNS = 80
/** Between two drawings of the line that is rewritten, in ms: faster than people read, slower than a terminal is. */
const FRAME = 50

/** Prints lines, and below them, on a terminal, one that is rewritten. */
export class Screen {
  readonly columns: Columns
  /** Whether a line can be rewritten. */
  readonly isLive: boolean
  readonly #sink: Sink
  #isDrawn = false
  #drawnAt = -FRAME

  constructor(sink: Sink, colours: boolean) {
    this.#sink = sink
    this.isLive = sink.isTTY ?? false
    this.columns = new Columns(colours)
  }

  print(line: Line): void {
    this.clear()
    this.#sink.write(this.columns.print(line))
  }

  /** Nothing where lines cannot be rewritten. The last column stays free: some terminals wrap when it is filled. */
  draw(line: Line): void {
    const { columns = DEFAULT_COLUMNS } = this.#sink
    if (!this.isLive || (this.#isDrawn && performance.now() - this.#drawnAt < FRAME)) return
    this.#sink.write(`${CLEAR_LINE}${this.columns.printLive(line, columns - 1)}`)
    this.#isDrawn = true
    this.#drawnAt = performance.now()
  }

  clear(): void {
    if (this.#isDrawn) this.#sink.write(CLEAR_LINE)
    this.#isDrawn = false
  }
}
