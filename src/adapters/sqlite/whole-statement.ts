import { withoutComments, withoutQuoted } from './quoted.ts'

/** `?`, `?1`, `:name`, `@name`, `$name`; a name may hold a dollar sign. */
const PLACEHOLDER = /\?|(?<![\p{L}\p{N}_$])[:@$]/gu

/**
 * For a driver that drops whatever follows the first statement, and binds NULL to placeholders that no value was given
 * for, without a word.
 *
 * @param compiled what the driver made of `text`: its beginning, up to the end of the first statement
 * @throws RangeError
 */
export function assertWholeStatement(text: string, compiled: string, values: number): void {
  if (/[^\s;]/.test(withoutComments(text.slice(compiled.length)))) {
    throw new RangeError('The text holds more than one statement; run them as a script, or one by one.')
  }
  const placeholders = withoutQuoted(compiled).match(PLACEHOLDER)?.length ?? 0
  if (placeholders !== values) {
    throw new RangeError(`The statement has ${placeholders} placeholders and ${values} values.`)
  }
}
