import type { Dialect } from './dialect.ts'

/**
 * `word` a keyword, plain name or number · `quoted` a string, quoted name or dollar-quoted body, with its prefix ·
 * `operator` · `mark` one of `( ) [ ] , ; .` · `comment` · `hint` a comment that a database reads: `/*+`, `/*!` and `/*M!`
 */
export type TokenKind = 'word' | 'quoted' | 'operator' | 'mark' | 'comment' | 'hint'

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

export interface Tokens {
  readonly tokens: readonly Token[]
  /**
   * Dialects read this text differently: a backslash before a quote, a comment inside a comment, a quote inside brackets.
   * Never set where the dialect is given.
   */
  readonly ambiguous: boolean
}

const SPACE = /\s/
const WORD_START = /[\p{L}\p{N}_$@]/u
const WORD = /[\p{L}\p{N}_$@]*/uy
const OPERATOR = /[+\-*/<>=~!#%^&|?:\\]/
const MARKS = '()[],;.{}'
/** Prefixes that belong to the quote right after them. */
const PREFIX = /^(?:e|b|x|n|u&|_\w+)$/i
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy

/** Splits SQL into tokens. Never fails: what is not closed reaches to the end. */
export function tokenize(text: string, dialect?: Dialect): Tokens {
  return new Tokenizer(text, dialect).run()
}

class Tokenizer {
  readonly #text: string
  readonly #dialect: Dialect | undefined
  readonly #tokens: Token[] = []
  #ambiguous = false
  #close: number | undefined

  constructor(text: string, dialect: Dialect | undefined) {
    this.#text = text
    this.#dialect = dialect
  }

  run(): Tokens {
    const text = this.#text
    for (let at = 0; at < text.length;) {
      if (SPACE.test(text.charAt(at))) {
        at++
        continue
      }
      const { kind, end } = this.#next(at)
      this.#tokens.push({ kind, start: at, end })
      at = end
    }
    return { tokens: this.#tokens, ambiguous: this.#ambiguous }
  }

  #next(at: number): { readonly kind: TokenKind; readonly end: number } {
    const text = this.#text
    const char = text.charAt(at)
    const two = text.slice(at, at + 2)
    if (this.#startsLineComment(at)) return { kind: 'comment', end: this.#lineEnd(at) }
    if (two === '/*')
      return { kind: /^\/\*(?:[+!]|M!)/.test(text.slice(at, at + 4)) ? 'hint' : 'comment', end: this.#blockEnd(at) }
    if (char === "'" || char === '"' || char === '`') return { kind: 'quoted', end: this.#quoteEnd(at, false) }
    if (char === '[') return this.#bracket(at)
    if (char === '$' && this.#dialect !== 'sqlite' && this.#dialect !== 'mysql') {
      const end = this.#dollarEnd(at)
      if (end !== undefined) return { kind: 'quoted', end }
    }
    if (MARKS.includes(char)) return { kind: 'mark', end: at + 1 }
    if (WORD_START.test(this.#character(at))) return this.#word(at)
    if (OPERATOR.test(char)) return { kind: 'operator', end: this.#operatorEnd(at) }
    return { kind: 'operator', end: at + this.#character(at).length }
  }

  /** MySQL asks for a space after `--`, and knows `#`. */
  #startsLineComment(at: number): boolean {
    const char = this.#text.charAt(at)
    if (this.#dialect === 'mysql' && char === '#') return true
    if (char !== '-' || this.#text.charAt(at + 1) !== '-') return false
    return this.#dialect !== 'mysql' || /^\s?$/.test(this.#text.charAt(at + 2))
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end === -1 ? this.#text.length : end
  }

  /** PostgreSQL nests comments, the others do not. */
  #blockEnd(at: number): number {
    const text = this.#text
    const first = text.indexOf('*/', at + 2)
    const inner = text.indexOf('/*', at + 2)
    const nests = inner !== -1 && (first === -1 || inner < first)
    if (nests && this.#dialect === undefined) this.#ambiguous = true
    if (!nests || this.#dialect === 'sqlite' || this.#dialect === 'mysql') return first === -1 ? text.length : first + 2
    let depth = 1
    for (let index = at + 2; index < text.length; index++) {
      const two = text.slice(index, index + 2)
      if (two !== '/*' && two !== '*/') continue
      depth += two === '/*' ? 1 : -1
      index++
      if (depth === 0) return index + 1
    }
    return text.length
  }

  /** A doubled quote stands for itself. A backslash escapes in MySQL and in `E'…'`. */
  #quoteEnd(at: number, escapes: boolean): number {
    const text = this.#text
    const quote = text.charAt(at)
    const backslash = quote !== '`' && (escapes || this.#dialect === 'mysql')
    for (let index = at + 1; index < text.length; index++) {
      const char = text.charAt(index)
      if (char === '\\' && quote !== '`') {
        if (backslash) index++
        else if (this.#dialect === undefined && text.charAt(index + 1) === quote) this.#ambiguous = true
      } else if (char === quote) {
        if (text.charAt(index + 1) !== quote) return index + 1
        index++
      }
    }
    return text.length
  }

  /**
   * SQLite quotes names with brackets; elsewhere they are marks. Where the dialect is not known they count as quoted, so
   * that nothing inside is taken for space, and as ambiguous where that would hide a quote or a comment.
   */
  #bracket(at: number): { readonly kind: TokenKind; readonly end: number } {
    const text = this.#text
    if (this.#dialect === 'postgres' || this.#dialect === 'mysql') return { kind: 'mark', end: at + 1 }
    const close = this.#closing(at)
    const end = close === -1 ? text.length : close + 1
    if (this.#dialect === 'sqlite') return { kind: 'quoted', end }
    if (close !== -1 && !/['"`[$\n]|--|\/\*/.test(text.slice(at + 1, close))) return { kind: 'quoted', end }
    this.#ambiguous = true
    return { kind: 'mark', end: at + 1 }
  }

  /** The next `]`, or -1. One that is known already is not looked for again. */
  #closing(at: number): number {
    if (this.#close === undefined || (this.#close !== -1 && this.#close < at)) this.#close = this.#text.indexOf(']', at)
    return this.#close
  }

  #dollarEnd(at: number): number | undefined {
    DOLLAR.lastIndex = at
    const tag = DOLLAR.exec(this.#text)?.[0]
    if (tag === undefined) return undefined
    const end = this.#text.indexOf(tag, at + tag.length)
    return end === -1 ? this.#text.length : end + tag.length
  }

  #word(at: number): { readonly kind: TokenKind; readonly end: number } {
    WORD.lastIndex = at
    WORD.test(this.#text)
    let end = WORD.lastIndex
    const ampersand = /^u$/i.test(this.#text.slice(at, end)) && this.#text.slice(end, end + 2) === "&'"
    if (ampersand) end++
    const word = this.#text.slice(at, end)
    if (this.#text.charAt(end) !== "'" || !PREFIX.test(word)) return { kind: 'word', end }
    return { kind: 'quoted', end: this.#quoteEnd(end, /^e$/i.test(word)) }
  }

  /**
   * A run of operator characters, up to a comment. As in PostgreSQL, it ends before a trailing sign unless it holds one
   * of `~ ! # % ^ & | ?`, so that `a=-1` and `a = -1` are the same.
   */
  #operatorEnd(at: number): number {
    let end = at + 1
    while (OPERATOR.test(this.#text.charAt(end))) {
      if (this.#text.startsWith('/*', end) || this.#startsLineComment(end)) break
      end++
    }
    if (/[~!#%^&|?]/.test(this.#text.slice(at, end))) return end
    while (end > at + 1 && /[+-]/.test(this.#text.charAt(end - 1))) end--
    return end
  }

  #character(at: number): string {
    return String.fromCodePoint(this.#text.codePointAt(at) ?? 0)
  }
}
