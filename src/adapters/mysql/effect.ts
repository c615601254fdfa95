import type { Statement } from '../../runtime/adapter.ts'
import { MigrationError } from '../../runtime/errors.ts'
import type { Piece } from '../../sql/statements.ts'
import { transactionControl } from '../../sql/transaction-control.ts'

const READS: readonly string[] = ['SELECT', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN', 'DESCRIBE', 'DESC', '(']
const WRITES: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'DO']
/** Outside of the transaction as well, and committing what is open (dev.mysql.com/doc/refman/8.4/en/implicit-commit.html). */
const CONTROL =
  /^(?:(?:LOCK|UNLOCK) (?:TABLES?|INSTANCE)|XA\b|SET (?:(?:SESSION|LOCAL|GLOBAL) |@@(?:\w+ \. )?)?AUTOCOMMIT\b)/

/** What is gone with the connection, and has to be done again when a later run goes on from behind it. */
const SESSION = /^(?:USE |PREPARE |DEALLOCATE |SET (?!PASSWORD\b|DEFAULT ROLE\b|STATEMENT )|SELECT .*? INTO @)/

/**
 * What a statement has to do with a transaction. Whatever is not known to take part in one commits by itself: all of
 * MySQL's definitions do.
 *
 * @throws MigrationError `MIG_R0211`
 */
export function effectOf(text: string, pieces: readonly Piece[]): Statement['effect'] {
  const words = wordsOf(pieces)
  const control = transactionControl(text, 'mysql')?.keyword ?? CONTROL.exec(words)?.[0]
  if (control !== undefined) throw new MigrationError('MIG_R0211', `SQL with ${control}`)
  const verb = verbOf(words)
  if (SESSION.test(words)) return 'session'
  const isData = /^(?:LOAD (?:DATA|XML)|(?:CREATE(?: OR REPLACE)?|DROP) TEMPORARY) /.test(words)
  return isData || READS.includes(verb) || WRITES.includes(verb) ? 'data' : 'alone'
}

/** Whether a statement gives rows and does nothing else. */
export function reads(pieces: readonly Piece[]): boolean {
  const words = wordsOf(pieces)
  return READS.includes(verbOf(words)) && !/ INTO (?:@|OUTFILE|DUMPFILE)/.test(words)
}

/** Whether the connection may be another one after it than before. */
export function leavesSession(pieces: readonly Piece[]): boolean {
  const words = wordsOf(pieces)
  return (
    !/^(?:INSERT|UPDATE|DELETE|REPLACE|SELECT|ALTER|DROP|TRUNCATE|RENAME|CREATE (?!TEMPORARY|OR REPLACE TEMPORARY))/.test(
      words,
    ) || words.includes('@')
  )
}

const SEVERAL: readonly RegExp[] = [
  /^DROP (?:DATABASE|SCHEMA) /,
  /^DROP (?:TABLES?|VIEW|SEQUENCE) .*,/,
  /^(?:CREATE|CREATE OR REPLACE|ALTER|RENAME|DROP) (?:USER|ROLE) .*,/,
  /^(?:GRANT|REVOKE) .* (?:TO|FROM) .*,/,
]

/** Whether a definition is of several things, one after the other: on MariaDB those before one that is missing are gone. */
export function isOfSeveral(pieces: readonly Piece[]): boolean {
  const words = wordsOf(pieces)
  return SEVERAL.some((known) => known.test(words))
}

/** Words and signs in one line, with what the server executes inside of `/*! … *\/`. */
function wordsOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, token }) => (token.kind === 'hint' ? hintWords(text) : token.kind === 'quoted' ? "''" : text))
    .join(' ')
    .trim()
}

function hintWords(text: string): string {
  const executed = /^\/\*M?!\d*([^]*?)(?:\*\/)?$/.exec(text)?.[1] ?? ''
  return executed.replaceAll(/\s+/g, ' ').trim().toUpperCase()
}

/** Behind WITH the first verb outside of parentheses. */
function verbOf(words: string): string {
  const [first = ''] = words.split(' ')
  if (first !== 'WITH') return first
  let depth = 0
  for (const word of words.split(' ')) {
    if (word === '(') depth++
    if (word === ')') depth--
    if (depth === 0 && [...READS, ...WRITES].includes(word)) return word
  }
  return ''
}
