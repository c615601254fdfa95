import type { BuildCode } from '../../diagnostics/build.ts'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { frame } from './frame.ts'
import { positionAt, type SourceText } from './position.ts'

/** A problem that stands in more places shows these. */
export const MOST_SOURCES = 20

/** One case of a code. */
export interface Case {
  readonly message: string
  readonly fix: string
  readonly sources?: readonly Source[]
}

/** Collects what is wrong, so that all of it is said at once. */
export class Report {
  readonly #diagnostics: Diagnostic<BuildCode>[] = []

  error(code: BuildCode, { message, fix, sources = [] }: Case): void {
    this.#diagnostics.push({ code, severity: 'error', message, fix, sources })
  }

  warning(code: BuildCode, { message, fix, sources = [] }: Case): void {
    this.#diagnostics.push({ code, severity: 'warning', message, fix, sources })
  }

  /** Errors first, otherwise in the order in which they were found. */
  get diagnostics(): readonly Diagnostic<BuildCode>[] {
    const errors = this.#diagnostics.filter(({ severity }) => severity === 'error')
    return [...errors, ...this.#diagnostics.filter(({ severity }) => severity === 'warning')]
  }

  /** Every file with a problem. */
  get files(): readonly string[] {
    return [...new Set(this.#diagnostics.flatMap(({ sources }) => sources.map(({ file }) => file)))]
  }
}

/** A place in a text, with its frame. */
export function sourceAt(source: SourceText, offset: number): Source {
  const position = positionAt(source, offset)
  return { file: source.file, ...position, frame: frame(source, position) }
}

/** A file as a whole. */
export function sourceOf(file: string): Source {
  return { file, line: 1, column: 1 }
}
