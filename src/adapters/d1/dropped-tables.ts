import { MigrationError } from '../../runtime/errors.ts'
import { type Piece, statements } from '../../sql/statements.ts'
import { type D1Database, type D1Query, prepared } from './database.ts'

const TABLES: D1Query = { text: `SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL`, values: [] }

/**
 * Before a table is dropped SQLite deletes its rows, and does what rows that refer to them say for that. Nothing but
 * `PRAGMA foreign_keys = OFF` prevents it, which has no effect on D1: a table that is rebuilt would lose the rows of
 * others without a word (sqlite.org/lang_droptable.html).
 *
 * @throws MigrationError `MIG_R0242` when a table would be dropped that others refer to with an action
 */
export async function assertDropsNoOtherRows(database: D1Database, queries: readonly D1Query[]): Promise<void> {
  const written = queries.flatMap(({ text }) => statements(text, 'sqlite'))
  if (!written.some(isDrop)) return
  const { results } = await prepared(database, TABLES).all()
  const present = results.flatMap((row) => statements(String((row as { readonly sql: unknown }).sql), 'sqlite'))
  /** Table → tables whose deleted rows change its own. */
  const parents = new Map<string, readonly string[]>()
  for (const pieces of [...present, ...written]) {
    const table = tableOf(pieces)
    if (table === undefined) continue
    if (!isDrop(pieces)) {
      parents.set(table, [...(parents.get(table) ?? []), ...parentsIn(pieces)])
      continue
    }
    parents.delete(table)
    const [child] = [...parents].find(([, names]) => names.includes(table)) ?? []
    if (child !== undefined)
      throw new MigrationError(
        'MIG_R0242',
        `DROP TABLE ${table} would delete or change rows of ${child}. Nothing was sent.`,
      )
  }
}

function isDrop([first, second]: readonly Piece[]): boolean {
  return first?.text === 'DROP' && second?.text === 'TABLE'
}

/** The table that a statement creates, alters or drops. */
function tableOf(pieces: readonly Piece[]): string | undefined {
  const [verb, kind, ...rest] = pieces
  if (kind?.text !== 'TABLE' || !['CREATE', 'ALTER', 'DROP'].includes(verb?.text ?? '')) return undefined
  const name = rest.filter(({ text }) => !['IF', 'NOT', 'EXISTS'].includes(text))
  return nameOf(name[1]?.text === '.' ? name[2] : name[0])
}

/** Of every REFERENCES with `ON DELETE CASCADE`, `SET NULL` or `SET DEFAULT`. */
function parentsIn(pieces: readonly Piece[]): readonly string[] {
  return pieces.flatMap(({ text, token }, index) => {
    if (text !== 'REFERENCES' || token.kind !== 'word') return []
    const clause = pieces.slice(index + 2, endOfColumn(pieces, index + 2)).map((piece) => piece.text)
    const action = clause.findIndex((word, at) => word === 'ON' && clause[at + 1] === 'DELETE')
    const parent = nameOf(pieces[index + 1])
    return action >= 0 && ['CASCADE', 'SET'].includes(clause[action + 2] ?? '') && parent ? [parent] : []
  })
}

function endOfColumn(pieces: readonly Piece[], start: number): number {
  let depth = 0
  for (let index = start; index < pieces.length; index++) {
    const text = pieces[index]?.text
    if (depth === 0 && (text === ',' || text === ')')) return index
    if (text === '(') depth++
    if (text === ')') depth--
  }
  return pieces.length
}

/** As SQLite compares names: without quotes, whatever the case. */
function nameOf(piece: Piece | undefined): string | undefined {
  const text = piece?.text.toLowerCase()
  if (piece?.token.kind !== 'quoted') return text
  const quote = text?.charAt(0) ?? ''
  return text?.slice(1, -1).replaceAll(quote + quote, quote)
}
