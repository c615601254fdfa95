import type { BuildCode } from '../../diagnostics/build.ts'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { frame } from './frame.ts'
import { positionAt, type SourceText } from './position.ts'

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
}

/** A place in a text, with its frame. */
export function sourceAt({ file, text }: SourceText, offset: number): Source {
  const position = positionAt(text, offset)
  return { file, ...position, frame: frame(text, position) }
}

/** A file as a whole. */
export function sourceOf(file: string): Source {
  return { file, line: 1, column: 1 }
}
