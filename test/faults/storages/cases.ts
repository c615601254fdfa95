import { betterSqlite3Case } from './better-sqlite3.ts'
import { d1Case } from './d1.ts'
import { filesCase } from './files.ts'
import { jsonFileCase } from './json-file.ts'
import { memoryCase } from './memory.ts'
import { mysql2Case } from './mysql2.ts'
import { pgCase } from './pg.ts'
import { pgliteCase } from './pglite.ts'
import { redisCase } from './redis.ts'
import type { StorageCase } from './storage-case.ts'

/** One for every adapter: `cases.test.ts` fails where one is missing. */
export const CASES: readonly StorageCase[] = [
  betterSqlite3Case,
  pgCase,
  pgliteCase,
  mysql2Case,
  d1Case,
  redisCase,
  filesCase,
  jsonFileCase,
  memoryCase,
]

/** Adapters without a case, and why. */
export const WITHOUT: ReadonlyMap<string, string> = new Map([
  ['node-sqlite', 'all but the driver is shared with better-sqlite3; this Node may not have it'],
])

export function caseOf(adapter: string): StorageCase {
  const found = CASES.find((one) => one.adapter === adapter)
  if (found) return found
  throw new RangeError(`no case of the adapter ${adapter}`)
}
