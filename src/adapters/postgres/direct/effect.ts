import type { Statement } from '../../../runtime/adapter.ts'
import { MigrationError } from '../../../runtime/errors.ts'
import type { Piece } from '../../../sql/statements.ts'
import { transactionControl } from '../../../sql/transaction-control.ts'

/** What is gone with the connection, and has to be done again when a later run goes on from behind it. */
const SESSION = /^(?:SET|RESET|LISTEN|UNLISTEN|LOAD|PREPARE|DEALLOCATE|DISCARD|SELECT (?:PG_CATALOG \. )?SET_CONFIG)\b/

/** Transactional in PostgreSQL, but for what `ALONE` names. */
const DATA =
  /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE|CREATE|ALTER|DROP|TRUNCATE|COMMENT|GRANT|REVOKE|LOCK|ANALYZE|REFRESH|SECURITY|IMPORT|REASSIGN|EXPLAIN|NOTIFY|SHOW|EXECUTE|DO|\()(?: |$)/

/** Refused inside a transaction. */
const ALONE: readonly RegExp[] = [
  /^(?:CREATE|DROP|ALTER)\b.* CONCURRENTLY\b/,
  /^(?:CREATE|DROP) (?:DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
  /^ALTER (?:SYSTEM|DATABASE .* TABLESPACE|SUBSCRIPTION)\b/,
]
/** In the body of a `DO`: its own transactions. */
const ENDS_TRANSACTIONS = /\b(?:commit|rollback)\b/i

/**
 * What a statement has to do with a transaction. Whatever is not known to take part in one commits by itself.
 *
 * @throws MigrationError `MIG_R0211` where it would begin, end or mark one
 */
export function effectOf(text: string, pieces: readonly Piece[]): Statement['effect'] {
  const control = transactionControl(text, 'postgres')
  if (control) throw new MigrationError('MIG_R0211', `SQL with ${control.keyword}`)
  const words = pieces
    .map((piece) => (piece.token.kind === 'quoted' ? "''" : piece.text))
    .join(' ')
    .trim()
  if (SESSION.test(words)) return 'session'
  const isOwn = /^DO\b/.test(words) && ENDS_TRANSACTIONS.test(text)
  return DATA.test(words) && !isOwn && !ALONE.some((alone) => alone.test(words)) ? 'data' : 'alone'
}
