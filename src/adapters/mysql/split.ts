import type { Statement } from '../../runtime/adapter.ts'
import { type Piece, statements } from '../../sql/statements.ts'
import { tokenize } from '../../sql/tokens.ts'
import { effectOf } from './effect.ts'

/** The clients' own command, which the server does not know. */
const DELIMITER = /^[ \t]*delimiter[ \t]+(\S+)[ \t]*$/gim
const LONGEST_SHOWN = 200

/**
 * The statements of a script, one by one, as the server takes them. `DELIMITER` lines are followed and left out.
 *
 * @throws MigrationError `MIG_R0211` for what would begin or end a transaction, or lock tables
 */
export function splitStatements(script: string): readonly Statement[] {
  return sectionsOf(script).flatMap(({ start, text, delimiter }) => {
    const parts = delimiter === ';' ? atSemicolons(text) : atDelimiter(text, delimiter)
    return parts.map((part): Statement => {
      const own = text.slice(part.start, part.end)
      const [pieces = []] = statements(own, 'mysql')
      const line = script.slice(0, start + part.start).split('\n').length
      return { text: own, shown: shownOf(own), line, effect: effectOf(own, pieces) }
    })
  })
}

/** For people: without what strings hold, which may be a secret or somebody's data. */
export function shownOf(text: string): string {
  let shown = ''
  let end = 0
  for (const token of tokenize(text, 'mysql').tokens) {
    const source = text.slice(token.start, token.end)
    const isString = token.kind === 'quoted' && !source.startsWith('`')
    shown += `${token.start > end ? ' ' : ''}${isString ? "'…'" : token.kind === 'comment' ? '' : source}`
    end = token.end
  }
  const whole = shown.replaceAll(/\s+/g, ' ').trim()
  return whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN - 1)}…` : whole
}

interface Section {
  readonly start: number
  readonly text: string
  readonly delimiter: string
}

function sectionsOf(script: string): readonly Section[] {
  const sections: Section[] = []
  let [start, delimiter] = [0, ';']
  for (const command of script.matchAll(DELIMITER)) {
    sections.push({ start, text: script.slice(start, command.index), delimiter })
    start = command.index + command[0].length
    delimiter = command[1] ?? ';'
  }
  return [...sections, { start, text: script.slice(start), delimiter }]
}

type Part = Pick<Piece['token'], 'start' | 'end'>

function atSemicolons(text: string): readonly Part[] {
  return statements(text, 'mysql').map((pieces) => ({
    start: pieces[0]?.token.start ?? 0,
    end: pieces.at(-1)?.token.end ?? 0,
  }))
}

/** Wherever it stands outside of quotes and comments, as in the command line client: it may end a word. */
function atDelimiter(text: string, delimiter: string): readonly Part[] {
  const closed = tokenize(text, 'mysql').tokens.filter(({ kind }) => ['quoted', 'comment', 'hint'].includes(kind))
  const parts: Part[] = []
  for (let start = 0, from = 0; ;) {
    const found = text.indexOf(delimiter, from)
    const around = closed.find((token) => token.start <= found && found < token.end)
    if (around) {
      from = around.end
      continue
    }
    const [piece, last] = endsOf(text.slice(start, found === -1 ? text.length : found))
    if (piece && last) parts.push({ start: start + piece.start, end: start + last.end })
    if (found === -1) return parts
    start = from = found + delimiter.length
  }
}

function endsOf(text: string): readonly [Part | undefined, Part | undefined] {
  const tokens = tokenize(text, 'mysql').tokens.filter(({ kind }) => kind !== 'comment')
  return [tokens[0], tokens.at(-1)]
}
