// One process that migrates PostgreSQL, as it stands after the build. Prints its events and how it ended, as lines of JSON.
// node pg-migrate.mjs <url> <case> [options of the session]
import { Pool } from 'pg'
import { pg } from '../../dist/adapters/pg.js'
import { migrate } from '../../dist/runtime.js'
import scripts from '../../dist/strategies/scripts.js'
import { manifestFor } from './pg-cases.mjs'

const [, , url, name, options] = process.argv
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const pool = new Pool({ connectionString: url, options })
pool.on('error', () => {})
try {
  const { applied } = await migrate(
    { ...manifestFor(name), scripts },
    {
      adapters: { db: pg(pool) },
      state: 'db',
      onEvent: ({ type, id }) => say({ type, id }),
    },
  )
  say({ applied: applied.map(({ id }) => id) })
} catch ({ code, message }) {
  say({ code, message })
} finally {
  await pool.end()
}
