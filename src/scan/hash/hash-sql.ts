import type { Dialect } from '../../sql/dialect.ts'
import { normalizeSql } from '../../sql/text.ts'
import { type TokenKind, tokenize } from '../../sql/tokens.ts'
import { isDirective } from './sql-directive.ts'

/** A text by the rules of one dialect. */
interface Reading {
  readonly dialect: Dialect
  /** Its tokens, statement by statement. */
  readonly form: string
  /** Whether it can be a text of this dialect: all is closed, and each statement begins as one can. */
  readonly sound: boolean
  readonly hasDollarQuotes: boolean
}

/**
 * SQL in a form that only changes when the SQL does: tokens, statement by statement, without comments and white space.
 * Without a dialect it is the form in every dialect that the text can be of, so that what counts in one of them counts.
 */
export function canonicalSql(source: string, dialect?: Dialect): string {
  const text = normalizeSql(source)
  if (dialect !== undefined) return read(text, dialect).form
  const [first, ...others] = plausible(text)
  if (others.every(({ form }) => form === first.form)) return first.form
  return JSON.stringify(Object.fromEntries([first, ...others].map((reading) => [reading.dialect, reading.form])))
}

function plausible(text: string): readonly [Reading, ...Reading[]] {
  const postgres = read(text, 'postgres')
  if (postgres.sound && postgres.hasDollarQuotes) return [postgres]
  const all = [postgres, read(text, 'sqlite'), read(text, 'mysql')] as const
  const [first, ...others] = all.filter(({ sound }) => sound)
  return first ? [first, ...others] : all
}

function read(text: string, dialect: Dialect): Reading {
  const { tokens, closed } = tokenize(text, dialect)
  const statements: string[][] = [[]]
  let [sound, hasDollarQuotes, begins] = [closed, false, true]
  for (const { kind, start, end } of tokens) {
    const token = text.slice(start, end)
    if (kind === 'comment') {
      if (isDirective(token)) statements.at(-1)?.push(token.replaceAll(/\s+/g, ' ').trim())
      continue
    }
    if (begins && !canBegin(kind, token, dialect)) sound = false
    begins = token === ';'
    if (kind === 'quoted' && token.startsWith('$')) hasDollarQuotes = true
    if (token === ';') statements.push([])
    else statements.at(-1)?.push(token)
  }
  const form = JSON.stringify(statements.filter((statement) => statement.length > 0))
  return { dialect, form, sound, hasDollarQuotes }
}

/** The command `DELIMITER` is of MySQL's clients. */
function canBegin(kind: TokenKind, token: string, dialect: Dialect): boolean {
  return kind !== 'operator' && (dialect === 'mysql' || !/^delimiter$/i.test(token))
}
