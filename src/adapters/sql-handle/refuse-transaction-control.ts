import { MigrationError } from '../../runtime/errors.ts'

/** What no keyword is in: strings, quoted names, dollar-quoted bodies, comments. */
const QUOTED = /\be'(?:[^'\\]|\\.|'')*'|(['"`])[^]*?\1|\[[^\]]*]|\$(\w*)\$[^]*?\$\2\$|--.*|\/\*[^]*?\*\//gi
/** What such a body holds, up to its `END`, are statements of its own. */
const BODY = /\bcreate\b[^;]*\b(trigger|procedure|function|event|package)\b/i
const CONTROL =
  /(?:^|;)\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i

/**
 * Refuses what the build refuses in `.sql` files (`sql/transaction-control`), roughly, since a bundle carries no
 * tokenizer: in doubt a text passes. What passes is found by the savepoint that it takes with it (`MIG_R0212`).
 *
 * @throws MigrationError `MIG_R0211` when the text would begin, end or mark a transaction
 */
export function refuseTransactionControl(text: string): void {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ')
  const plain = text.replace(QUOTED, blank)
  const body = plain.search(BODY)
  const end = plain.toLowerCase().lastIndexOf('end')
  const inside = body < 0 || end < body ? '' : plain.slice(body, end + 3)
  const found = CONTROL.exec(plain.replace(inside, blank))
  if (!found) return
  const before = text.slice(0, found.index + found[0].length)
  throw new MigrationError('MIG_R0211', `${found[1]?.toUpperCase()} at line ${before.split('\n').length} of its SQL.`)
}
