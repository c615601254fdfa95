import type { Dialect } from './dialect.ts'
import { type LexicalRules, lexicalRules } from './lexical-rules.ts'

/**
 * `word` a keyword, plain name or number · `quoted` a string, quoted name or dollar-quoted body, with its prefix ·
 * `operator` · `mark` one of `( ) [ ] { } , ; .` · `comment` · `hint` a comment that a database reads: `/*+`, `/*!` and
 * `/*M!`
 */
export type TokenKind = 'word' | 'quoted' | 'operator' | 'mark' | 'comment' | 'hint'

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

export interface Tokens {
  readonly tokens: readonly Token[]
  /** Whether every quote and comment ends. One that does not reaches to the end of the text. */
  readonly closed: boolean
}

interface End {
  readonly kind: TokenKind
  readonly end: number
}

/** What databases skip. Any other space of Unicode is part of a name. */
const SPACE = /[ \t\n\r\f\v]+/y
const MARKS = '()[],;.{}'
const HINT = /\/\*(?:[+!]|M!)/y
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_\u0080-\uFFFF]*)?\$/y
const NUMBER = /(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y
const BRACKETED_NAME = /\[[^\]'"`[$\n]*\]/y
const AFTER_NAME = /[\w$"`\]\u0080-\uFFFF]/
/** Splits SQL into tokens. Never fails. */
export function tokenize(text: string, dialect?: Dialect): Tokens {
  return new Tokenizer(text, lexicalRules(dialect)).run()
}

class Tokenizer {
  readonly #text: string
  readonly #rules: LexicalRules
  readonly #tokens: Token[] = []
  #closed = true
  /** Where a string with escapes goes on. */
  #continuation = -1

  constructor(text: string, rules: LexicalRules) {
    this.#text = text
    this.#rules = rules
  }

  run(): Tokens {
    const length = this.#text.length
    for (let at = this.#past(SPACE, 0) ?? 0; at < length;) {
      const { kind, end } = this.#next(at)
      this.#tokens.push({ kind, start: at, end })
      at = this.#past(SPACE, end) ?? end
    }
    return { tokens: this.#tokens, closed: this.#closed }
  }

  #next(at: number): End {
    const char = this.#text.charAt(at)
    const line = this.#past(this.#rules.lineComment, at)
    if (line !== undefined) return { kind: 'comment', end: line }
    if (this.#text.startsWith('/*', at))
      return { kind: this.#past(HINT, at) === undefined ? 'comment' : 'hint', end: this.#blockEnd(at) }
    if (char === "'" || char === '"' || char === '`')
      return { kind: 'quoted', end: this.#quoteEnd(at, at === this.#continuation) }
    if (char === '[') return this.#bracket(at)
    const dollar = this.#rules.dollarQuotes ? this.#past(DOLLAR, at) : undefined
    if (dollar !== undefined) return { kind: 'quoted', end: this.#endOf(this.#text.slice(at, dollar), dollar) }
    const number = this.#numberEnd(at)
    if (number !== undefined) return { kind: 'word', end: this.#past(this.#rules.word, number) ?? number }
    if (MARKS.includes(char)) return { kind: 'mark', end: at + 1 }
    const word = this.#past(this.#rules.word, at)
    if (word !== undefined) return this.#word(at, word)
    return { kind: 'operator', end: this.#operatorEnd(at) }
  }

  /** Where a match at an offset ends. */
  #past(pattern: RegExp, at: number): number | undefined {
    pattern.lastIndex = at
    return pattern.test(this.#text) ? pattern.lastIndex : undefined
  }

  /** The end of what ends with a text. */
  #endOf(closing: string, from: number): number {
    const found = this.#text.indexOf(closing, from)
    if (found === -1) this.#closed = false
    return found === -1 ? this.#text.length : found + closing.length
  }

  #blockEnd(at: number): number {
    if (!this.#rules.nestedComments) return this.#endOf('*/', at + 2)
    let depth = 1
    for (const { 0: mark, index } of this.#text.slice(at + 2).matchAll(/\/\*|\*\//g)) {
      depth += mark === '/*' ? 1 : -1
      if (depth === 0) return at + 2 + index + 2
    }
    this.#closed = false
    return this.#text.length
  }

  /** A doubled quote stands for itself. */
  #quoteEnd(at: number, escapes: boolean): number {
    const text = this.#text
    const quote = text.charAt(at)
    const backslash = quote !== '`' && (escapes || this.#rules.backslashEscapes)
    for (let index = at + 1; index < text.length; index++) {
      const char = text.charAt(index)
      if (char === '\\' && backslash) index++
      if (char !== quote) continue
      if (text.charAt(index + 1) !== quote) return this.#stringEnd(index + 1, escapes)
      index++
    }
    this.#closed = false
    return text.length
  }

  #stringEnd(end: number, escapes: boolean): number {
    if (escapes) this.#noteContinuation(end)
    return end
  }

  /** PostgreSQL takes a quote on a later line for the rest of a string, with its escapes. */
  #noteContinuation(end: number): void {
    let at = end
    for (let next: number | undefined = at; next !== undefined;) {
      at = next
      next = this.#past(SPACE, at) ?? this.#past(this.#rules.lineComment, at)
    }
    if (this.#text.charAt(at) === "'" && /[\n\r]/.test(this.#text.slice(end, at))) this.#continuation = at
  }

  #bracket(at: number): End {
    const { brackets } = this.#rules
    if (brackets === 'quote') return { kind: 'quoted', end: this.#endOf(']', at) }
    const name = brackets === 'guess' ? this.#past(BRACKETED_NAME, at) : undefined
    const hides = name === undefined || /--|\/\*/.test(this.#text.slice(at, name))
    return hides ? { kind: 'mark', end: at + 1 } : { kind: 'quoted', end: name }
  }

  /** A dot right after a name is followed by another name. */
  #numberEnd(at: number): number | undefined {
    if (this.#text.charAt(at) === '.' && AFTER_NAME.test(this.#text.charAt(at - 1))) return undefined
    return this.#past(NUMBER, at)
  }

  #word(at: number, after: number): End {
    const { prefix, escaping } = this.#rules
    const text = this.#text
    const unicode = after === at + 1 && /^u&['"]/i.test(text.slice(at, at + 3))
    const end = unicode ? after + 1 : after
    const quote = text.charAt(end)
    const word = text.slice(at, end)
    if ((quote !== "'" && !(unicode && quote === '"')) || !matches(prefix, word)) return { kind: 'word', end: after }
    return { kind: 'quoted', end: this.#quoteEnd(end, matches(escaping, word)) }
  }

  /** Up to a comment. Where signs are their own, `a=-1` and `a = -1` are the same. */
  #operatorEnd(at: number): number {
    const text = this.#text
    let end = this.#past(this.#rules.operator, at) ?? at + String.fromCodePoint(text.codePointAt(at) ?? 0).length
    for (let index = at + 1; index < end; index++)
      if (text.startsWith('/*', index) || this.#past(this.#rules.lineComment, index) !== undefined) end = index
    if (!this.#rules.signsAreTheirOwn || /[~!@#%^&|?]/.test(text.slice(at, end))) return end
    while (end > at + 1 && /[+-]/.test(text.charAt(end - 1))) end--
    return end
  }
}

function matches(pattern: RegExp, word: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(word)
}
