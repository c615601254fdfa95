/** Shorter texts cannot be nested as deeply as would end the parser. */
const SHORT = 8000
/** With about twice as many brackets in each other the parser ends the process, not only itself. */
const DEEPEST = 3500
/** Operators and words that each begin another expression or statement inside the one before. */
const LONGEST_RUN = 5000

const OPERATORS = '!~+-?=*<>&|'
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set(['new', 'typeof', 'void', 'await', 'delete', 'yield'])
const BEFORE_STATEMENT: ReadonlySet<string> = new Set(['if', 'else', 'for', 'while', 'do', 'with'])

/** What stands open inside one bracket. */
interface Level {
  expressions: number
  statements: number
}

/**
 * Whether a module, or JSON, is nested more deeply than a parser with a stack of fixed size survives. Reads it roughly, in
 * linear time: nobody writes such code by hand or by a generator, and who writes it to do harm could hide it behind a
 * regular expression, which is taken for a division here.
 */
export function isTooDeep(text: string): boolean {
  if (text.length < SHORT) return false
  const levels: Level[] = [{ expressions: 0, statements: 0 }]
  let open = 0
  let isContinued = false
  const plain = /[^'"`/(){}[\];,!~+\-?=*<>&|\n\w]+|\w+/y
  for (let at = 0; at < text.length;) {
    const level = levels.at(-1) ?? { expressions: 0, statements: 0 }
    plain.lastIndex = at
    const token = plain.exec(text)?.[0] ?? text.charAt(at)
    const begins = BEFORE_EXPRESSION.has(token) || OPERATORS.includes(token)
    if (begins) level.expressions++
    if (BEFORE_STATEMENT.has(token)) level.statements++
    if ((begins || BEFORE_STATEMENT.has(token)) && ++open > LONGEST_RUN) return true
    if ('([{'.includes(token) && levels.push({ expressions: 0, statements: 0 }) > DEEPEST) return true
    if (')]}'.includes(token) && levels.length > 1) {
      levels.pop()
      open -= level.expressions + level.statements
    }
    const isEnd = token === ';' || token === ','
    // Where a line ends behind something whole, what follows is a statement of its own.
    if (isEnd || (token === '\n' && !isContinued)) {
      open -= level.expressions + (isEnd ? level.statements : 0)
      level.expressions = 0
      if (isEnd) level.statements = 0
    }
    if (token.trim() !== '') isContinued = begins
    at = '\'"`/'.includes(token) ? afterQuoted(text, at) : at + token.length
  }
  return false
}

/** The offset behind a string, a template or a comment; behind the character where it begins none of these. */
function afterQuoted(text: string, start: number): number {
  const char = text.charAt(start)
  const next = text.charAt(start + 1)
  if (char === '/') {
    if (next !== '/' && next !== '*') return start + 1
    const end = text.indexOf(next === '/' ? '\n' : '*/', start + 2)
    return end === -1 ? text.length : end + (next === '/' ? 0 : 2)
  }
  for (let at = start + 1; at < text.length; at++) {
    const here = text.charAt(at)
    if (here === '\\') at++
    else if (here === char) return at + 1
    // A string ends with its line, whatever was taken for its beginning.
    else if (here === '\n' && char !== '`') return at
  }
  return text.length
}
