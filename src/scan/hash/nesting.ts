/** Shorter texts cannot be nested as deeply as would end the parser. */
const SHORT = 8000
/** With about twice as many brackets in each other the parser ends the process, not only itself. */
const DEEPEST = 3500
/** Operators and words that each begin another expression or statement inside the one before. */
const LONGEST_RUN = 5000

const OPERATORS = '!~+-?:=*<>&|'
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set(['new', 'typeof', 'void', 'await', 'delete', 'yield'])
const BEFORE_STATEMENT: ReadonlySet<string> = new Set(['if', 'else', 'for', 'while', 'do', 'with'])

const CLOSED_BY: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

/** What stands open inside one bracket. */
interface Level {
  /** What closes it. */
  readonly close: string
  /** A hole of a template, whose text goes on behind it. */
  readonly isHole: boolean
  expressions: number
  statements: number
}

function levelOf(close: string, isHole: boolean): Level {
  return { close, isHole, expressions: 0, statements: 0 }
}

/**
 * Whether a module is nested more deeply than a parser with a stack of fixed size survives. Reads it roughly, in
 * linear time: nobody writes such code by hand or by a generator, and who writes it to do harm could hide it behind a
 * regular expression, which is taken for a division here.
 */
export function isTooDeep(text: string): boolean {
  if (text.length < SHORT) return false
  const levels: Level[] = [levelOf('', false)]
  /** How many levels each closing bracket could close. */
  const closable = new Map([...CLOSED_BY.values()].map((close) => [close, 0]))
  let open = 0
  let isContinued = false
  /** Just behind the text of a template: at a hole, or behind the whole. */
  let inTemplate = false
  const plain = /[^'"`/(){}[\];,!~+\-?:=*<>&|\n\w]+|\w+/y
  for (let at = 0; at < text.length;) {
    const level = levels.at(-1) ?? levelOf('', false)
    plain.lastIndex = at
    const token = plain.exec(text)?.[0] ?? text.charAt(at)
    const begins = BEFORE_EXPRESSION.has(token) || OPERATORS.includes(token)
    if (begins) level.expressions++
    if (BEFORE_STATEMENT.has(token)) level.statements++
    if ((begins || BEFORE_STATEMENT.has(token)) && ++open > LONGEST_RUN) return true
    const isHole = token === '{' && text.charAt(at - 1) === '$' && inTemplate
    inTemplate = false
    const close = CLOSED_BY.get(token)
    if (close !== undefined) {
      if (levels.push(levelOf(close, isHole)) > DEEPEST) return true
      closable.set(close, (closable.get(close) ?? 0) + 1)
    }
    // A bracket in a regular expression is closed with the one around it.
    const closes = (closable.get(token) ?? 0) > 0
    for (let isClosed = !closes; !isClosed;) {
      const last = levels.pop()
      isClosed = last === undefined || last.close === token
      open -= last ? last.expressions + last.statements : 0
      if (last) closable.set(last.close, (closable.get(last.close) ?? 1) - 1)
    }
    const isEnd = token === ';' || token === ','
    // Where a line ends behind something whole, what follows is a statement of its own.
    if (isEnd || (token === '\n' && !isContinued)) {
      open -= level.expressions + (isEnd ? level.statements : 0)
      level.expressions = 0
      if (isEnd) level.statements = 0
    }
    if (token.trim() !== '') isContinued = begins
    const goesOn = token === '`' || (token === '}' && level.isHole)
    at = goesOn || '\'"/'.includes(token) ? afterQuoted(text, at) : at + token.length
    inTemplate = goesOn
  }
  return false
}

/** The offset behind a string, a comment, or the text of a template up to its next hole; else behind the character. */
function afterQuoted(text: string, start: number): number {
  const char = text.charAt(start)
  const next = text.charAt(start + 1)
  if (char === '/') {
    if (next !== '/' && next !== '*') return start + 1
    const end = text.indexOf(next === '/' ? '\n' : '*/', start + 2)
    return end === -1 ? text.length : end + (next === '/' ? 0 : 2)
  }
  const isTemplate = char === '`' || char === '}'
  const close = isTemplate ? '`' : char
  for (let at = start + 1; at < text.length; at++) {
    const here = text.charAt(at)
    if (here === '\\') at++
    else if (here === close) return at + 1
    else if (isTemplate && here === '$' && text.charAt(at + 1) === '{') return at + 1
    // A string ends with its line, whatever was taken for its beginning.
    else if (here === '\n' && !isTemplate) return at
  }
  return text.length
}
