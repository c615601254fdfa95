// The sessions of PostgreSQL for migrations outside of a transaction, as if they were all that the adapter had.
import { directSession } from '../../dist/adapters/postgres/direct/session.js'
import { statementAtATime } from '../../dist/runtime/statements/strategy.js'
import * as postgres from './pg.fixture.mjs'

export async function open(key) {
  const opened = await postgres.open(key)
  const capabilities = { atomic: 'statement' }
  const adapter = {
    ...opened.adapter,
    capabilities,
    strategy: statementAtATime,
    open: () => directSession(opened.adapter),
  }
  return { ...opened, adapter }
}

export const { drop } = postgres
