import { MigrationError } from '../../runtime/errors.ts'

/** What no keyword is in: strings, quoted names, dollar-quoted bodies, comments. */
const QUOTED = /\be'(?:[^'\\]|\\.|'')*'|(['"`])[^]*?\1|\$(\w*)\$[^]*?\$\2\$|--.*|\/\*[^]*?\*\//gi
/** Without END: it ends the bodies of triggers and functions as well. */
const CONTROL = /(?:^|;)\s*(begin|commit|rollback|abort|savepoint|release|(?:start|prepare)\s+transaction)\b/i

/**
 * Refuses most of what the build refuses in `.sql` files (`sql/transaction-control`), since a bundle carries no
 * tokenizer: in doubt a text passes. What passes is found by the savepoint that it takes with it (`MIG_R0212`).
 *
 * @throws MigrationError `MIG_R0211` when the text would begin, end or mark a transaction
 */
export function refuseTransactionControl(text: string): void {
  const found = CONTROL.exec(text.replace(QUOTED, ' '))
  if (found) throw new MigrationError('MIG_R0211', `SQL with ${found[1]}`)
}
