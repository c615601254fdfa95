/** What a line says about the run. */
export type Tone = 'good' | 'bad' | 'warning' | 'quiet'

export interface Line {
  /** One word for what happened; the first column. */
  readonly word: string
  readonly tone: Tone
  /** A migration, or a target where none is concerned; the second column. */
  readonly subject: string
  readonly target?: string
  readonly detail?: string
  /** Lines below it, indented. */
  readonly more?: readonly string[]
}

const WORD_WIDTH = 9
const INDENT = ' '.repeat(WORD_WIDTH + 2)
const COLOURS: Readonly<Record<Tone, number>> = { good: 32, bad: 31, warning: 33, quiet: 2 }

/** Lays lines out in columns that are as wide as the widest cell so far. */
export class Columns {
  readonly #colours: boolean
  #subject = 0
  #target = 0

  constructor(colours: boolean) {
    this.#colours = colours
  }

  /** Makes room for what is known to come. */
  widen(subjects: readonly string[]): void {
    this.#subject = Math.max(this.#subject, ...subjects.map(({ length }) => length))
  }

  /** With its line breaks. */
  print(line: Line): string {
    const more = line.more ?? []
    const painted = this.#paint(line.tone, line.word.padEnd(WORD_WIDTH))
    return [`${painted}  ${this.#cells(line)}`, ...more.map((text) => `${INDENT}${text}`)].join('\n') + '\n'
  }

  /** One line without a break and without colours, to be rewritten: at most `width` wide. */
  printLive(line: Line, width: number): string {
    return `${line.word.padEnd(WORD_WIDTH)}  ${this.#cells(line)}`.slice(0, width)
  }

  #cells({ subject, target = '', detail = '' }: Line): string {
    if (target !== '') {
      this.widen([subject])
      this.#target = Math.max(this.#target, target.length)
    }
    const cells = target === '' ? [subject] : [subject.padEnd(this.#subject), target.padEnd(this.#target)]
    return [...cells, detail].join('  ').trimEnd()
  }

  #paint(tone: Tone, text: string): string {
    return this.#colours ? `\u001B[${COLOURS[tone]}m${text}\u001B[0m` : text
  }
}

/** `4 ms`, `1.3 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
