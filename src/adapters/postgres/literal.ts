/**
 * A text as a literal, for messages of the simple query protocol, which have no parameters. `E` makes backslashes mean
 * the same whatever `standard_conforming_strings` is (postgresql.org/docs/current/sql-syntax-lexical.html, 4.1.2.2).
 */
export function literal(text: string): string {
  return `E'${text.replace(/['\\]/g, '$&$&')}'`
}
