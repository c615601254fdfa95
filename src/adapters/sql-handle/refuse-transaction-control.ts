import { MigrationError } from '../../runtime/errors.ts'
import type { SqlDialect } from '../../runtime/handles.ts'
import { transactionControl } from '../../sql/transaction-control.ts'

/** @throws MigrationError `MIG_R0211` when the text would begin, end or mark a transaction */
export function refuseTransactionControl(text: string, dialect: SqlDialect): void {
  const found = transactionControl(text, dialect)
  if (!found) return
  throw new MigrationError('MIG_R0211', `${found.keyword} at line ${found.line} of its SQL.`, {
    next: 'remove it: the runtime opens and ends the transaction',
  })
}
