import { describe, expect, it } from 'vitest'
import { canonicalSql } from '../../src/scan/hash/hash-sql.ts'
import type { Dialect } from '../../src/sql/dialect.ts'

type Step = [from: string, to: string, dialect?: Dialect]

describe('what a database reads in another way counts', () => {
  it.each<Step>([
    // Names and spaces
    ['select a\u00A0b', 'select a b', 'postgres'],
    ['select a\u00A0b', 'select a \u00A0 b', 'sqlite'],
    ['select a\u2028b', 'select a b'],
    ['select 😀a', 'select 😀 a', 'postgres'],
    ['select ab', 'select a/**/b', 'mysql'],
    // Numbers
    ['select 1.e5', 'select 1. e5', 'postgres'],
    ['select 1e-5', 'select 1e - 5', 'mysql'],
    ['select 1.5', 'select 1 .5', 'sqlite'],
    ['select t.5', 'select t .5', 'mysql'],
    ['select 0x1F', 'select 0 x1F', 'sqlite'],
    // Operators
    ['select a <@ b', 'select a < @ b', 'postgres'],
    ['select a @> b', 'select a @ > b', 'postgres'],
    ['select a :: int', 'select a : : int', 'postgres'],
    ['select a @@ b', 'select a @ @ b', 'postgres'],
    ['select a ||-1', 'select a || -1', 'postgres'],
    ['select a->>b', 'select a-> >b', 'sqlite'],
    ['select a <=> b', 'select a <= > b', 'mysql'],
    ['set @a := 1', 'set @a : = 1', 'mysql'],
    // Quotes
    [`select U&"d\\0061"`, `select U & "d\\0061"`, 'postgres'],
    ["select U&'d\\0061'", "select U & 'd\\0061'", 'postgres'],
    ["select E'\\' -- a'", "select E'\\' -- b'", 'postgres'],
    ["select E'\\' -- a'", "select E'\\' -- b'"],
    ["select E'a'\n'\\' -- a'", "select E'a'\n'\\' -- b'", 'postgres'],
    ["select E'a' -- c\n'\\' -- a'", "select E'a' -- c\n'\\' -- b'", 'postgres'],
    ["select 'a\\' -- a'", "select 'a\\' -- b'", 'mysql'],
    ['select "a\\" -- a"', 'select "a\\" -- b"', 'mysql'],
    ["select 'a' 'b'", "select 'a''b'", 'mysql'],
    ["select _utf8'a  b'", "select _utf8'a b'", 'mysql'],
    ['select `a  b`', 'select `a b`', 'mysql'],
    ['select `a``  b`', 'select `a`` b`', 'sqlite'],
    ['select [a  b]', 'select [a b]', 'sqlite'],
    ["select [a'] -- x\n, 'b'", "select [a'] -- x\n, 'c'", 'sqlite'],
    ['select $$ a $$', 'select $$ a  $$', 'postgres'],
    ['select $é$ -- a $é$', 'select $é$ -- b $é$', 'postgres'],
    ['select $a$ $$ -- x\n $a$', 'select $a$ $$ -- y\n $a$', 'postgres'],
    ['select 1 + $1', 'select 1 + $2', 'postgres'],
    // Comments
    ['select 1 -- x\r, 2', 'select 1 -- x\r, 3', 'postgres'],
    ['select 1 -- x\r, 2', 'select 1 -- x\r, 3'],
    ['/* a /* b */ select 1 -- */', '/* a /* b */ select 2 -- */', 'sqlite'],
    ['select 5--1', 'select 5--2', 'mysql'],
    ['select 5--1', 'select 5--2'],
    ['select 1 # a', 'select 1 # b', 'postgres'],
    ['select 1 # a', 'select 1 # b'],
    ['select /*!80000 1 */ 2', 'select /*!80000 3 */ 2', 'mysql'],
    ['select /*M!100000 1 */ 2', 'select /*M!100000 3 */ 2', 'mysql'],
    ['select /*+ MAX_EXECUTION_TIME(1) */ 2', 'select /*+ MAX_EXECUTION_TIME(2) */ 2', 'mysql'],
    ['select /*+ SeqScan(a) */ 2', 'select /*+ IndexScan(a) */ 2', 'postgres'],
    ['/*! a */ select 1', 'select 1'],
  ])('%j → %j %s', (from, to, dialect) => {
    expect(canonicalSql(from, dialect)).not.toBe(canonicalSql(to, dialect))
  })
})

describe('without a dialect, what counts in one that the text can be of counts', () => {
  it.each<Step>([
    // A string in MySQL, a comment elsewhere.
    ["select 'a\\' -- b'", "select 'a\\' -- c'"],
    // A mark and strings in PostgreSQL, a name in SQLite.
    ["select a['x -- y']", "select a['x -- z']"],
    ['select [a  b]', 'select [a b]'],
    // MySQL and SQLite end the comment at once.
    ['/* a /* b */ select 1 -- */', '/* a /* b */ select 2 -- */'],
    // `DELIMITER` is MySQL's, whatever follows it.
    ['delimiter $$\nselect 5--1 $$\n', 'delimiter $$\nselect 5--2 $$\n'],
    ['delimiter $$\nselect $$ -- a\n, 5--1 $$', 'delimiter $$\nselect $$ -- a\n, 5--2 $$'],
    // A comment of MySQL with a quote, after which strings and code would be the other way round.
    ["select 1 # it's\n, 'a  b'", "select 1 # it's\n, 'a b'"],
  ])('%j → %j', (from, to) => {
    expect(canonicalSql(from)).not.toBe(canonicalSql(to))
  })

  it.each<Step>([
    // No database but MySQL begins a statement with `#`.
    ['# one\nselect 1', '# two\nselect 1'],
    ['-- +goose Up\n--one\nselect 1', '-- +goose Up\n--two\nselect 1'],
    // And MySQL none with `-`.
    ["--it's one\nselect 1", '--two\nselect 1'],
    // Only PostgreSQL has dollar quotes, so what MySQL makes of the text does not matter.
    ["select $$it's$$; --one\nselect 2", "select $$it's$$; --two\nselect 2"],
    // Not closed in PostgreSQL and SQLite.
    ["select 'it\\'s' # one", "select 'it\\'s' # two"],
    ["select 'it''s', \"a\" -- one's\n;", "select 'it''s', \"a\""],
  ])('%j is %j', (from, to) => {
    expect(canonicalSql(from)).toBe(canonicalSql(to))
  })

  it('counts a comment as little behind a directive as elsewhere', () => {
    expect(canonicalSql('# --- !Ups\nselect 1')).not.toBe(canonicalSql('# --- !Downs\nselect 1'))
    expect(canonicalSql('-- down it goes\nselect 1')).toBe(canonicalSql('select 1'))
  })

  it('counts a text that no database can read as each of them would', () => {
    expect(canonicalSql("'; a")).not.toBe(canonicalSql("'; b"))
    expect(canonicalSql("\\copy t from 'x' -- a")).not.toBe(canonicalSql("\\copy t from 'y'"))
  })
})

describe('what no database reads does not count', () => {
  it.each<Step>([
    ['select a||-1', 'select a || -1', 'sqlite'],
    ['select a||-1', 'select a || -1', 'mysql'],
    ['select a=-1', 'select a = -1', 'postgres'],
    ['select 1.5e-3+2', 'select 1.5e-3 + 2', 'postgres'],
    ['select t . a', 'select t.a', 'mysql'],
    ['select a::int', 'select a :: int', 'postgres'],
    ['select array[1:2]', 'select array [ 1 : 2 ]', 'postgres'],
    ['select a<@b', 'select a < @b', 'mysql'],
    ['select 1 # one', 'select 1 # two', 'mysql'],
    ['select 1 -- one', 'select 1 --\tone\n', 'mysql'],
    ['select 1 --', 'select 1', 'mysql'],
    ['/* a /* b */ c */ select 1', 'select 1', 'postgres'],
    ['/* a /* b */ select 1', 'select 1', 'sqlite'],
    ['select 1 -- a\rb', 'select 1', 'sqlite'],
    ["select E'a'-- one\n, 1", "select E'a', 1", 'postgres'],
    ["select E'a'\n'\\' -- one'", "select E'a'  \n -- two\n '\\' -- one'", 'postgres'],
    ["select x'ff'/* c */", "select x'ff'", 'sqlite'],
    ['select a\f\v\tb', 'select a b'],
  ])('%j is %j %s', (from, to, dialect) => {
    expect(canonicalSql(from, dialect)).toBe(canonicalSql(to, dialect))
  })
})

describe('a comment that is program to a tool', () => {
  it.each([
    '--> statement-breakpoint',
    '-- migrate:up',
    '-- migrate:down transaction:false',
    '-- atlas:txmode none',
    '-- +goose Down',
    '-- +goose StatementBegin',
    '-- +migrate Down',
    '-- Down Migration',
    '--! no-transaction',
    '-- !Downs',
    '-- Down',
    '-- no-transaction',
    '---- create above / drop below ----',
    '-- //@UNDO',
    '--rollback drop table a',
    '--changeset ann:1',
    '-- rambler down',
  ])('counts: %s', (line) => {
    for (const dialect of [undefined, 'postgres', 'sqlite', 'mysql'] as const) {
      const form = (...lines: readonly string[]): string => canonicalSql(lines.join('\n'), dialect)
      const before = form('create table a (x int);', line, 'drop table a;')
      expect(form('create table a (x int);', 'drop table a;')).not.toBe(before)
      expect(form('create table a (x int);', 'drop table a;', line)).not.toBe(before)
      expect(form('create table a (x int);', `${line}  `, '-- plain', 'drop table a;')).toBe(before)
    }
  })
})

it('reads texts of any length', () => {
  const long = 300_000
  for (const text of [
    `select E'a'${' '.repeat(long)}\n'b'`,
    `select E'a'\n${'-- c\n'.repeat(long / 10)}'b'`,
    `select [${'a'.repeat(long)}]`,
    '['.repeat(long),
    `--${'-'.repeat(long)}`,
    '/*'.repeat(long),
    `'${"''".repeat(long)}'`,
  ])
    for (const dialect of [undefined, 'postgres'] as const)
      expect(canonicalSql(text, dialect).length).toBeGreaterThan(1)
})
