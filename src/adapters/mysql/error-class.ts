import type { ErrorClass } from '../../runtime/adapter.ts'

export const NO_SUCH_TABLE = 1146
export const DUPLICATE_KEY = 1062
export const NO_SUCH_SAVEPOINT = 1305
/** Lock wait timeout, deadlock, too many connections: to the server, as this user, by its quota. */
const BUSY: readonly number[] = [1205, 1213, 1040, 1203, 1226]
/** `read_only`, a transaction that is read only, a server in read-only mode. */
const READ_ONLY: readonly number[] = [1290, 1792, 1836]
/** The connection ended, on which whatever was sent may have been carried out or not. */
const LOST: readonly string[] = ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE']

/** Nothing happened, and the same call may succeed later. */
export class Busy extends Error {
  readonly errno: number = 1205
}

/** The number of an error that the server answered. */
export function numberOf(error: unknown): number {
  return Number((Object(error) as { readonly errno?: unknown }).errno)
}

/** Whether the server itself refused: a driver's own errors have no SQLSTATE. */
export function isAnswer(error: unknown): boolean {
  return typeof (Object(error) as { readonly sqlState?: unknown }).sqlState === 'string'
}

export function isLost(error: unknown): boolean {
  const { code, fatal } = Object(error) as { readonly code?: unknown; readonly fatal?: unknown }
  return LOST.includes(String(code)) || (fatal === true && !isAnswer(error))
}

/** Of an error before a migration's own statements, and of one that only touched the log. */
export function classOf(error: unknown): ErrorClass {
  const number = numberOf(error)
  if (BUSY.includes(number)) return 'retry'
  return READ_ONLY.includes(number) ? 'read-only' : 'fatal'
}
