import { escapeControls } from '../diagnostics/escape-controls.ts'
import { secretForms } from './redact/secret-forms.ts'
import { MASK, maskCutUrl, maskShapes } from './redact/secret-shapes.ts'
import { type SafeError, safeErrorOf } from './redact/safe-error.ts'

export interface RedactOptions {
  /**
   * Values that must not appear, however they are written. Of a connection URL its password counts too, so that
   * the URL that the driver is given is enough. What is empty or missing is ignored.
   */
  readonly secrets?: readonly (string | undefined)[]
  /** Characters (UTF-16 code units) that a text may have; what is longer is cut and says so. @default 4000 */
  readonly limit?: number
}

/** Makes texts and errors of strangers fit to be shown, logged and stored. */
export interface Redactor {
  /** One line: line breaks are written out too. */
  text(text: string): string
  /** The same with line breaks as they are, for one who indents what follows them. */
  lines(text: string): readonly string[]
  /** What is safe of an error: its name, code, message, stack and causes. Never the driver's own fields, which hold
   *  commands with their arguments. */
  error(error: unknown): SafeError
}

const DEFAULT_LIMIT = 4000

/**
 * Takes out secrets by value (`secrets`) and by shape: URLs, key=value strings, JSON, headers, SQL that sets a password,
 * well-known tokens. Escapes control characters and cuts what is too long.
 */
export function createRedactor({ secrets = [], limit = DEFAULT_LIMIT }: RedactOptions = {}): Redactor {
  const forms = secretForms(secrets)
  const masked = (text: string): string => {
    const hidden = forms.reduce((rest, form) => rest.replaceAll(form, MASK), text)
    return hidden.length > limit ? maskShapes(maskCutUrl(hidden.slice(0, limit))) : maskShapes(hidden)
  }
  const cut = (shown: string, length: number): string =>
    shown.length > limit || length > limit ? `${shown.slice(0, limit)}… (${length} characters)` : shown
  const redactor: Redactor = {
    text: (text) => cut(escapeControls(masked(text)), text.length),
    lines: (text) => cut(masked(text).split(/\r?\n/).map(escapeControls).join('\n'), text.length).split('\n'),
    error: (error) => safeErrorOf(error, redactor),
  }
  return redactor
}

export type { SafeError }
