/**
 * A value as a literal, for messages of the simple query protocol, which have no parameters. `E` makes backslashes mean
 * the same whatever `standard_conforming_strings` is (postgresql.org/docs/current/sql-syntax-lexical.html, 4.1.2.2).
 */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}
