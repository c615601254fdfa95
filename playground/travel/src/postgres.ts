import { Pool } from 'pg'
import { pg } from 'unplugin-migrations/adapters/pg'
import type { SiteDatabase } from './database.ts'

/** A PostgreSQL database, e.g. `postgres://user@host/database`. */
export function postgres(url: string): SiteDatabase {
  const pool = new Pool({ connectionString: url })
  // A connection that is lost while nobody uses it would end the process; the pool makes another.
  pool.on('error', (error) => console.log(JSON.stringify({ type: 'connection-lost', message: error.message })))
  return {
    adapter: pg(pool),
    async query<Row>(text: TemplateStringsArray, ...values: readonly (string | number)[]) {
      const statement = text.reduce((before, part, index) => `${before}$${index}${part}`)
      return (await pool.query(statement, [...values])).rows as readonly Row[]
    },
    close: () => pool.end(),
  }
}
