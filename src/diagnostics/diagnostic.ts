/** A place in a file. Lines and columns count from 1; columns count UTF-16 code units. */
export interface Source {
  /** Absolute path. Shown relative to the application's root, and never part of the output. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** Three lines around the place, with a caret under it. */
  readonly frame?: string
}

/** One problem that the build found: what, where, why and what to do. */
export interface Diagnostic<Code extends string = string> {
  readonly code: Code
  readonly severity: 'error' | 'warning'
  /** What: one sentence with the ids, packages and values of this case. */
  readonly message: string
  /** What to do in this case. Says the line to write where there is one. */
  readonly fix: string
  /** Where, the place to change first. */
  readonly sources: readonly Source[]
}

/** A page of the catalogue: the same for every case of a code. Codes are permanent: never renamed, never reused. */
export interface CatalogueEntry {
  readonly title: string
  readonly why: string
  readonly fix: string
}
