import { resolve } from 'node:path'
import type { Images, Query } from '@acme/images'
import { Pool } from 'pg'

/** A file system that all instances of the function share. */
export const filesFolder: string = resolve(process.env['SHOP_FILES'] ?? 'files')

/** Connects when it is first used. An instance of the function answers one event at a time. */
export const pool: Pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 1 })
// A connection that is lost while nobody uses it would end the process; the pool makes another.
pool.on('error', (error) => console.log(JSON.stringify({ type: 'connection-lost', message: error.message })))

export const query: Query = async <Row>(text: TemplateStringsArray, ...values: readonly (string | number)[]) => {
  const statement = text.reduce((before, part, index) => `${before}$${index}${part}`)
  return (await pool.query(statement, [...values])).rows as readonly Row[]
}

export const images: Images = { query, folder: filesFolder }
