import type { BuildCode } from '../../diagnostics/build.ts'
import type { SourceText } from './position.ts'
import { type Report, sourceAt } from './report.ts'

/** Reports at offsets of one file, and says which packages brought it in. */
export class FileReport {
  readonly #report: Report
  readonly #source: SourceText
  readonly #origin: string
  #errors = 0

  constructor(report: Report, source: SourceText, origin: string) {
    this.#report = report
    this.#source = source
    this.#origin = origin
  }

  /** Errors so far: what is wrong already need not be found a second time as its consequence. */
  get errors(): number {
    return this.#errors
  }

  error(code: BuildCode, offset: number, message: string, fix: string): void {
    this.#errors++
    this.#report.error(code, this.#case(offset, message, fix))
  }

  warning(code: BuildCode, offset: number, message: string, fix: string): void {
    this.#report.warning(code, this.#case(offset, message, fix))
  }

  /** The same report at offsets of another file of the same package. */
  for(source: SourceText): FileReport {
    return new FileReport(this.#report, source, this.#origin)
  }

  #case(
    offset: number,
    message: string,
    fix: string,
  ): { message: string; fix: string; sources: [ReturnType<typeof sourceAt>] } {
    return { message: message + this.#origin, fix, sources: [sourceAt(this.#source, offset)] }
  }
}
