import type { Statement } from '../../../runtime/adapter.ts'
import { statements } from '../../../sql/statements.ts'
import { tokenize } from '../../../sql/tokens.ts'
import { effectOf } from './effect.ts'

const LONGEST_SHOWN = 200

/** The statements of a script, one by one. @throws MigrationError `MIG_R0211` for what would begin or end a transaction */
export function splitStatements(script: string): readonly Statement[] {
  return statements(script, 'postgres').map((pieces) => {
    const start = pieces[0]?.token.start ?? 0
    const text = script.slice(start, pieces.at(-1)?.token.end ?? start)
    const line = script.slice(0, start).split('\n').length
    return { text, shown: shownOf(text), line, effect: effectOf(text, pieces) }
  })
}

/** For people: without what strings hold, which may be a secret or somebody's data. */
function shownOf(text: string): string {
  const { tokens } = tokenize(text, 'postgres')
  const shown = tokens.flatMap(({ kind, start, end }, index) => {
    if (kind === 'comment') return []
    const source = text.slice(start, end)
    const isString = kind === 'quoted' && !source.startsWith('"')
    return [start > (tokens[index - 1]?.end ?? start) ? ' ' : '', isString ? "'…'" : source]
  })
  const whole = shown.join('').replaceAll(/\s+/g, ' ').trim()
  return whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN - 1)}…` : whole
}
