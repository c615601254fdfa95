/** Whose rules of quoting hold. Absent: those of the standard, with what is unambiguous of all dialects. */
export type Dialect = 'postgres' | 'sqlite' | 'mysql'

export const DIALECTS: ReadonlySet<string> = new Set<Dialect>(['postgres', 'sqlite', 'mysql'])
