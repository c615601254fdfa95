import { statements } from '../../sql/statements.ts'
import { tokenize } from '../../sql/tokens.ts'

/**
 * For a driver that drops whatever follows the first statement, and binds NULL to placeholders that no value was given
 * for, without a word.
 *
 * @param compiled what the driver made of `text`: its beginning, up to the end of the first statement
 * @throws RangeError
 */
export function assertWholeStatement(text: string, compiled: string, values: number): void {
  if (statements(text.slice(compiled.length), 'sqlite').length > 0) {
    throw new RangeError('The text holds more than one statement; run them as a script, or one by one.')
  }
  const count = placeholders(compiled)
  if (count !== values) throw new RangeError(`The statement has ${count} placeholders and ${values} values.`)
}

/** `?` is one in SQLite wherever it is not quoted, and so are `:name`, `@name` and `$name`. */
function placeholders(text: string): number {
  return tokenize(text, 'sqlite').tokens.reduce((sum, { kind, start, end }) => {
    const token = text.slice(start, end)
    if (kind === 'operator') return sum + token.replaceAll(/[^?:]/g, '').length
    return kind === 'word' && /^[$@]/.test(token) ? sum + 1 : sum
  }, 0)
}
