import { describe, expect, it } from 'vitest'
import { canonicalSql } from '../../src/scan/hash/hash-sql.ts'
import type { Dialect } from '../../src/sql/dialect.ts'
import { type Token, tokenize } from '../../src/sql/tokens.ts'
import { goldenFiles } from './golden.ts'

interface Text {
  readonly name: string
  readonly text: string
  readonly dialect: Dialect | undefined
}

/** Only MySQL can read them, and to it what seems to be tokens here are comments. */
const COMMENTS_OF_MYSQL = /\/n(?:05|09)_/

const TEXTS: readonly Text[] = Object.entries(goldenFiles())
  .filter(([name]) => name.endsWith('.sql') && !COMMENTS_OF_MYSQL.test(name))
  .map(([name, text]) => ({
    name,
    text,
    dialect: /\.(postgres|sqlite|mysql)\./.exec(name)?.[1] as Dialect | undefined,
  }))

/** Texts in which one token is missing, another, or in another place. */
function mutantsOf(text: string, token: Token, next: Token | undefined): readonly string[] {
  const { kind, start, end } = token
  const put = (with_: string, until = end): string => text.slice(0, start) + with_ + text.slice(until)
  const own = text.slice(start, end)
  const middle = kind === 'quoted' || kind === 'hint' ? Math.ceil(own.length / 2) : own.length
  const inside = (added: string): string => put(own.slice(0, middle) + added + own.slice(middle))
  const following = next && text.slice(next.start, next.end)
  const swaps = next && following !== own && own !== ';' && following !== ';' && next.kind !== 'comment'
  return [
    ...(own === ';' ? [] : [put(' ')]),
    ...(kind === 'quoted' ? [inside('x'), inside('  '), inside('\n')] : []),
    ...(kind === 'hint' ? [inside('x')] : []),
    ...(kind === 'word'
      ? [put(`${own}q`), put(`q${own}`), put(own.toUpperCase() === own ? own.toLowerCase() : own.toUpperCase())]
      : []),
    ...(kind === 'operator' ? [put(`${own} ~ `)] : []),
    ...(swaps ? [put(` ${following} ${own} `, next.end)] : []),
  ]
}

describe('V05 a change of a token', () => {
  it('counts, each of thousands', () => {
    let count = 0
    const uncounted: string[] = []
    for (const { name, text, dialect } of TEXTS) {
      const before = canonicalSql(text, dialect)
      const { tokens } = tokenize(text, dialect)
      for (const [index, token] of tokens.entries()) {
        if (token.kind === 'comment') continue
        for (const mutant of mutantsOf(text, token, tokens[index + 1])) {
          if (mutant === text) continue
          count++
          if (canonicalSql(mutant, dialect) === before)
            uncounted.push(`${name}: ${mutant.slice(token.start - 20, token.end + 20)}`)
        }
      }
    }
    expect(uncounted).toEqual([])
    expect(count).toBeGreaterThan(3_000)
  })
})
