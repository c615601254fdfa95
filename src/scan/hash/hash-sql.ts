import type { Dialect } from '../../sql/dialect.ts'
import { normalizeSql } from '../../sql/text.ts'
import { tokenize } from '../../sql/tokens.ts'

/**
 * SQL in a form that only changes when the SQL does: tokens, statement by statement, without comments and white space.
 * Where dialects read a text differently and none is given, the text counts as it is.
 */
export function canonicalSql(source: string, dialect?: Dialect): string {
  const text = normalizeSql(source)
  const { tokens, ambiguous } = tokenize(text, dialect)
  if (ambiguous) return JSON.stringify(text)
  const statements: string[][] = [[]]
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') continue
    const token = text.slice(start, end)
    if (token === ';') statements.push([])
    else statements.at(-1)?.push(token)
  }
  return JSON.stringify(statements.filter((statement) => statement.length > 0))
}
