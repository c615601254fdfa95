import type { D1Database } from '../../src/adapters/d1.ts'

/** The same binding without what protects the log: its table has no keys. */
export function unprotected(original: D1Database): D1Database {
  return {
    prepare: (text) =>
      original.prepare(text.replace(' PRIMARY KEY', '').replace(', UNIQUE (target, id, generation)', '')),
    batch: (statements) => original.batch(statements),
  }
}
