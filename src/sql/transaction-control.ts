import type { Dialect } from './dialect.ts'
import { normalizeSql } from './text.ts'
import { type Piece, statements } from './statements.ts'

export interface TransactionControl {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  /** As written, in upper case: `COMMIT`, `START TRANSACTION`. */
  readonly keyword: string
}

const ALONE: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'ABORT'])

/**
 * The first statement that begins, ends or marks a transaction. `BEGIN … END` inside a trigger, procedure or function
 * is not one, nor is anything quoted or in a comment.
 */
export function transactionControl(text: string, dialect?: Dialect): TransactionControl | null {
  const normal = normalizeSql(text)
  for (const statement of statements(normal, dialect)) {
    const hint = statement.find(isExecutedHint)
    const [first = hint, second] = hint ? [] : statement.filter(({ token }) => token.kind !== 'hint')
    const keyword = first && (hint ? hintKeyword(first) : keywordOf(first, second))
    if (!first || keyword === undefined) continue
    const before = normal.slice(0, first.token.start)
    const line = before.split('\n').length
    return { line, column: first.token.start - before.lastIndexOf('\n'), keyword }
  }
  return null
}

/** MySQL executes what is in such a comment. */
function isExecutedHint(piece: Piece): boolean {
  return piece.token.kind === 'hint' && hintKeyword(piece) !== undefined
}

function hintKeyword({ text }: Piece): string | undefined {
  return /^\/\*M?!\d*\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b/i.exec(text)?.[1]?.toUpperCase()
}

function keywordOf(first: Piece, second: Piece | undefined): string | undefined {
  if (first.token.kind !== 'word') return undefined
  // `END IF` and the like are the rest of a body that has no BEGIN.
  if (first.text === 'END') return ['', 'TRANSACTION', 'WORK', 'AND'].includes(second?.text ?? '') ? 'END' : undefined
  if (ALONE.has(first.text)) return first.text
  const both = `${first.text} ${second?.text ?? ''}`
  return both === 'START TRANSACTION' || both === 'PREPARE TRANSACTION' ? both : undefined
}
