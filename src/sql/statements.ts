import type { Dialect } from './dialect.ts'
import { type Token, tokenize } from './tokens.ts'

/** A word of SQL in upper case, or the text of any other token. */
export interface Piece {
  readonly text: string
  readonly token: Token
}

const BODIES: ReadonlySet<string> = new Set(['TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT', 'PACKAGE'])
/** Words between CREATE and what is created. */
const BEFORE_BODY: ReadonlySet<string> = new Set([
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'CONSTRAINT',
  'AGGREGATE',
  'DEFINER',
])
/** After these a nested block may begin. */
const BEFORE_BLOCK: ReadonlySet<string> = new Set([';', 'BEGIN', 'THEN', 'ELSE', 'DO', 'LOOP', 'REPEAT', ':', 'ATOMIC'])

/**
 * Splits SQL at the semicolons that end statements: those inside `BEGIN … END` of a trigger, procedure or function do
 * not. Comments are left out.
 */
export function statements(text: string, dialect?: Dialect): readonly (readonly Piece[])[] {
  const all: Piece[][] = []
  let current: Piece[] = []
  let depth = 0
  let body = false
  for (const token of tokenize(text, dialect).tokens) {
    if (token.kind === 'comment') continue
    const source = text.slice(token.start, token.end)
    const piece = { text: token.kind === 'word' ? source.toUpperCase() : source, token }
    const previous = current.at(-1)?.text ?? ''
    if (token.kind === 'mark' && source === ';' && depth === 0) {
      if (current.length > 0) all.push(current)
      current = []
      body = false
      continue
    }
    current.push(piece)
    if (token.kind !== 'word') continue
    body ||= BODIES.has(piece.text) && createsBody(current)
    if (!body || previous === '.') continue
    if (piece.text === 'CASE' && previous !== 'END') depth++
    if (piece.text === 'BEGIN' && (depth === 0 || BEFORE_BLOCK.has(previous))) depth++
    if (piece.text === 'END' && depth > 0) depth--
    // `END IF` and the like close what was not counted. `END CASE` closes a CASE.
    if (previous === 'END' && ['IF', 'LOOP', 'WHILE', 'REPEAT'].includes(piece.text)) depth++
  }
  if (current.length > 0) all.push(current)
  return all
}

/** Whether the statement so far reads `CREATE … TRIGGER`. Only the words before the kind matter: a name may be anything. */
function createsBody(pieces: readonly Piece[]): boolean {
  if (pieces[0]?.text !== 'CREATE') return false
  return pieces.slice(1, -1).every(({ text, token }, index, between) => {
    const afterDefiner = between.slice(0, index).some((piece) => piece.text === 'DEFINER')
    return BEFORE_BODY.has(text) || token.kind !== 'word' || afterDefiner
  })
}
