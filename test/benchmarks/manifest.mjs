import { createHash } from 'node:crypto'

/**
 * `count` migrations of one package as the build emits them, each of one statement.
 *
 * @param format `sql`: the text itself; `module`: code that runs it
 */
export function manifestOf(count, format, statement) {
  const migrations = Array.from({ length: count }, (_, index) => {
    const text = statement(index)
    const up = format === 'sql' ? text : ({ db }) => db.script(text)
    return {
      id: idOf(index),
      version: '1.0.0',
      hash: hashOf(text),
      accepted: [],
      format,
      variants: [],
      uses: { db: 'sql' },
      parents: [],
      after: index === 0 ? [] : [index - 1],
      formerly: [],
      replaces: [],
      labels: [],
      has: ['up'],
      load: async () => ({ default: { up } }),
    }
  })
  const digest = createHash('sha256')
    .update(migrations.map(({ id, hash }) => `${id} ${hash}\n`).join(''))
    .digest('hex')
  return { v: 1, digest, retired: [], migrations }
}

export function idOf(index) {
  return `app:${String(index).padStart(6, '0')}_table`
}

export function hashOf(text) {
  return `h0:${createHash('sha256').update(text).digest('hex')}`
}
