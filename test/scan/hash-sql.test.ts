import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalSql } from '../../src/scan/hash/hash-sql.ts'
import { hash } from './hashes.ts'

function hashOf(text: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  return hash({ '1.sql': `-- uses: db\n${text}`, ...more })
}

/** Pieces of SQL that are one token each in every dialect. */
const PIECES = [
  'create',
  'table',
  'T1',
  '"a  b"',
  "'it''s -- no comment'",
  "'/* none */;'",
  'é',
  '42',
  '(',
  ')',
  ',',
  ';',
  '.',
  '=',
  '<>',
  '||',
  '*',
  '`q  q`',
  '/*! hint */',
  '/*+ index(a) */',
  "E'\\\\'",
  "x'ff'",
  'a_b',
] as const
const SPACES = [' ', '\n', '\r\n', '\t', '  \n ', ' /* c */ ', " -- c; '\n", '/* ; " */'] as const

describe('SQL', () => {
  it('V05 does not count comments, white space and line ends between tokens', () => {
    const written = fc.array(
      fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...SPACES), fc.constantFrom(...SPACES)),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(written, (pieces) => {
        const one = pieces.map(([piece, space]) => piece + space).join('')
        const other = pieces.map(([piece, , space]) => piece + space).join('')
        for (const dialect of [undefined, 'sqlite', 'postgres'] as const)
          expect(canonicalSql(other, dialect)).toBe(canonicalSql(one, dialect))
      }),
    )
  })

  it('counts every other piece, and their order', () => {
    const list = fc.array(fc.constantFrom(...PIECES.filter((piece) => piece !== ';')), { minLength: 1 })
    fc.assert(
      fc.property(list, list, (one, other) => {
        fc.pre(one.join(' ') !== other.join(' '))
        expect(canonicalSql(one.join(' '))).not.toBe(canonicalSql(other.join(' ')))
      }),
    )
  })

  it.each([
    ["select 'a  b'", "select 'a b'"],
    ["select 'a\nb'", "select 'a b'"],
    ['select "a  b"', 'select "a b"'],
    ['select [a  b]', 'select [a b]'],
    ['select $$ a  b $$', 'select $$ a b $$'],
    ['select $x$ -- a $x$', 'select $x$ -- b $x$'],
    ["select E'\\' -- a'", "select E'\\' -- b'"],
    ["select 'a\\' -- b'", "select 'a\\' -- c'"],
    ["select a['x -- y']", "select a['x -- z']"],
    ['/* a /* b */ select 1 -- */', '/* a /* b */ select 2 -- */'],
    ['select /*! 1 */ 2', 'select /*! 3 */ 2'],
    ['select /*M! 1 */ 2', 'select /*M! 3 */ 2'],
    ['select /*+ a */ 2', 'select /*+ b */ 2'],
    ['select 1; select 2', 'select 1 select 2'],
    ['select a', 'select A'],
    ['select ab', 'select a b'],
    ["select E 'a'", "select E'a'"],
    ['select a - - 1', 'select a -- 1'],
    ['select a @> b', 'select a <@ b'],
  ])('counts the step from %j to %j', (from, to) => {
    expect(canonicalSql(from)).not.toBe(canonicalSql(to))
  })

  it.each([
    ['a=-1', 'a = -1'],
    ['f( a,b )', 'f(a, b)'],
    ['select 1', 'select 1;'],
    ['select 1;\n;', 'select 1'],
    ['-- one\nselect 1', '/* two */ select 1 -- three'],
    ['a>=b', 'a >= b'],
  ])('does not count the step from %j to %j', (from, to) => {
    expect(canonicalSql(to)).toBe(canonicalSql(from))
  })
})

describe('a .sql migration', () => {
  it('counts each variant with its dialect, and its down file', async () => {
    const variants = {
      '1.sqlite.sql': '-- uses: db\nselect 1',
      '1.postgres.sql': 'select 2',
      '1.sqlite.down.sql': 'select 0',
    }
    const before = await hash(variants)
    for (const name of Object.keys(variants))
      expect(await hash({ ...variants, [name]: '-- uses: db\nselect 7' })).not.toBe(before)
    const { '1.postgres.sql': postgres, ...rest } = variants
    expect(await hash({ ...rest, '1.mysql.sql': `-- uses: db\n${postgres}` })).not.toBe(before)
    expect(await hash({ ...variants, '1.postgres.sql': '# x\nselect 2' })).not.toBe(before)
    const mysql = await hash({ ...rest, '1.mysql.sql': '-- uses: db\n# one\nselect 2' })
    expect(await hash({ ...rest, '1.mysql.sql': '-- uses: db\n# two\r\nselect 2' })).toBe(mysql)
  })

  it('counts what its head says other than when', async () => {
    const before = await hashOf('select 1')
    expect(await hashOf('-- dependsOn: \n-- labels: a, b\n-- Prose: nothing\nselect 1')).toBe(before)
    expect(await hashOf('-- idempotent\nselect 1')).not.toBe(before)
    expect(await hashOf('-- down: false\nselect 1')).not.toBe(before)
    expect(await hash({ '1.sql': '-- uses: other\nselect 1' })).not.toBe(before)
    expect(await hashOf('select 1', { '1.down.sql': 'select 0' })).not.toBe(before)
    expect(await hashOf('\uFEFFselect 1')).not.toBe('')
    expect(await hash({ '1.sql': '\uFEFF-- uses: db\r\nselect 1\r\n' })).toBe(before)
  })
})
