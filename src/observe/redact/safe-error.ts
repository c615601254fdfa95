import type { Redactor } from '../redact.ts'

/** An error without secrets: plain data that JSON carries as it is. */
export interface SafeError {
  readonly name: string
  readonly message: string
  /** Ours (`MIG_R…`), or the driver's. */
  readonly code?: string
  /** With line breaks. */
  readonly stack?: string
  readonly cause?: SafeError
  /** Of an AggregateError. */
  readonly errors?: readonly SafeError[]
}

/** Causes of causes, and errors side by side, that are shown. */
const DEEPEST = 8
const MOST = 10

export function safeErrorOf(error: unknown, redactor: Redactor): SafeError {
  return shown(error, redactor, new Set())
}

/** @param above the errors that this one is the cause or a part of: one that is its own cause ends there */
function shown(error: unknown, redactor: Redactor, above: ReadonlySet<unknown>): SafeError {
  if (above.has(error) || above.size >= DEEPEST) return { name: 'Error', message: '(and so on)' }
  if (!(error instanceof Error)) return { name: typeof error, message: redactor.text(textOf(() => error)) }
  const path = new Set(above).add(error)
  const inner = (value: unknown): SafeError => shown(value, redactor, path)
  const code = fieldOf(error, 'code')
  const stack = fieldOf(error, 'stack')
  const cause = fieldOf(error, 'cause')
  const errors = fieldOf(error, 'errors')
  return {
    name: redactor.text(textOf(() => error.name)),
    message: redactor.text(textOf(() => error.message)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: redactor.text(String(code)) } : {}),
    ...(typeof stack === 'string' ? { stack: redactor.lines(stack).join('\n') } : {}),
    ...(cause === undefined || cause === null ? {} : { cause: inner(cause) }),
    ...(Array.isArray(errors) ? { errors: errors.slice(0, MOST).map(inner) } : {}),
  }
}

/** A driver's error may have getters, and they may throw. */
function fieldOf(error: Error, field: string): unknown {
  try {
    return Reflect.get(error, field)
  } catch {
    return undefined
  }
}

function textOf(value: () => unknown): string {
  try {
    return String(value())
  } catch {
    return '(unreadable)'
  }
}
