import type { Dialect } from './dialect.ts'

/** How a database splits SQL into tokens, as far as databases differ. Every expression is sticky. */
export interface LexicalRules {
  readonly lineComment: RegExp
  readonly nestedComments: boolean
  readonly word: RegExp
  /** A run of characters that are operators. */
  readonly operator: RegExp
  /** An operator of several characters ends before a sign, unless it holds one of `~ ! @ # % ^ & | ?`. */
  readonly signsAreTheirOwn: boolean
  /** A word that belongs to the quote right after it. */
  readonly prefix: RegExp
  /** A prefix after which a backslash escapes. */
  readonly escaping: RegExp
  readonly backslashEscapes: boolean
  readonly dollarQuotes: boolean
  /** `guess`: quoted, unless that would hide a quote or a comment. */
  readonly brackets: 'quote' | 'mark' | 'guess'
}

const NEVER = /(?!)/y

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html and its scan.l */
const POSTGRES: LexicalRules = {
  lineComment: /--[^\n\r]*/y,
  nestedComments: true,
  word: /[A-Za-z0-9_$\u0080-\uFFFF]+/y,
  operator: /::|:=|[:\\]|[+\-*/<>=~!@#%^&|?]+/y,
  signsAreTheirOwn: true,
  prefix: /(?:[ebxn]|u&)$/iy,
  escaping: /e$/iy,
  backslashEscapes: false,
  dollarQuotes: true,
  brackets: 'mark',
}

/** https://sqlite.org/src/file/src/tokenize.c */
const SQLITE: LexicalRules = {
  lineComment: /--[^\n]*/y,
  nestedComments: false,
  word: /[A-Za-z0-9_$@\u0080-\uFFFF]+/y,
  operator: /->>|->|<<|>>|<=|>=|<>|!=|==|\|\||[^\s]/y,
  signsAreTheirOwn: false,
  prefix: /x$/iy,
  escaping: NEVER,
  backslashEscapes: false,
  dollarQuotes: false,
  brackets: 'quote',
}

/** https://dev.mysql.com/doc/refman/8.4/en/language-structure.html. After `--` it asks for a space. */
const MYSQL: LexicalRules = {
  lineComment: /(?:#|--(?![!-\uFFFF]))[^\n]*/y,
  nestedComments: false,
  word: /[A-Za-z0-9_$@\u0080-\uFFFF]+/y,
  operator: /<=>|->>|->|<<|>>|<=|>=|<>|!=|:=|&&|\|\||[^\s]/y,
  signsAreTheirOwn: false,
  prefix: /(?:[bxn]|_\w+)$/iy,
  escaping: NEVER,
  backslashEscapes: true,
  dollarQuotes: false,
  brackets: 'mark',
}

/** The standard, with what is unambiguous of all dialects. */
const STANDARD: LexicalRules = {
  ...POSTGRES,
  word: /[A-Za-z0-9_$@\u0080-\uFFFF]+/y,
  operator: /[+\-*/<>=~!#%^&|?:\\]+/y,
  prefix: /(?:[ebxn]|u&|_\w+)$/iy,
  brackets: 'guess',
}

export function lexicalRules(dialect: Dialect | undefined): LexicalRules {
  if (dialect === undefined) return STANDARD
  return { postgres: POSTGRES, sqlite: SQLITE, mysql: MYSQL }[dialect]
}
