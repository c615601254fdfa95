import type { ErrorClass } from '../../runtime/adapter.ts'

export const UNDEFINED_TABLE = '42P01'
export const UNIQUE_VIOLATION = '23505'
const READ_ONLY = '25006'
/** Serialization failure, deadlock, lock not available, too many connections, starting up. */
const BUSY = '40001 40P01 55P03 53300 57P03'

/** Nothing happened, and the same call may succeed later. */
export function busy(): Error {
  return Object.assign(new Error('locked'), { code: '55P03' })
}

/** The SQLSTATE of an error that PostgreSQL answered. */
export function stateOf(error: unknown): string {
  return String((Object(error) as { readonly code?: unknown }).code)
}

/** Of an error before a migration's own statements, and of one that only touched the log. */
export function classOf(error: unknown): ErrorClass {
  const state = stateOf(error)
  if (BUSY.includes(state)) return 'retry'
  return state === READ_ONLY ? 'read-only' : 'fatal'
}
