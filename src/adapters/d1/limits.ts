import { MigrationError } from '../../runtime/errors.ts'
import type { D1Query } from './database.ts'

/** Of one statement, in a batch too (developers.cloudflare.com/d1/platform/limits). Bytes of UTF-8. */
const PARAMETERS = 100
const STATEMENT_BYTES = 100_000
const VALUE_BYTES = 2_000_000

/** @throws MigrationError `MIG_R0241` for what D1 would refuse when the batch is sent */
export function assertWithinLimits({ text, values }: D1Query): void {
  assertAtMost(PARAMETERS, values.length, 'values', text)
  assertAtMost(STATEMENT_BYTES, bytesOf(text), 'bytes', text)
  for (const value of values) assertAtMost(VALUE_BYTES, bytesOf(value), 'bytes in one value', text)
}

function assertAtMost(limit: number, count: number, what: string, text: string): void {
  if (count <= limit) return
  const beginning = JSON.stringify(text.slice(0, 60))
  throw new MigrationError('MIG_R0241', `A statement has ${count} ${what}, D1 takes ${limit}: ${beginning}.`)
}

function bytesOf(value: D1Query['values'][number]): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  return value instanceof Uint8Array ? value.length : 0
}
