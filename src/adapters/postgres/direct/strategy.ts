import type { Strategy } from '../../../runtime/adapter.ts'
import { statementsOn } from '../../../runtime/statements/strategy.ts'
import { type PostgresAdapter, isPostgres } from '../adapter.ts'
import { directSession } from './session.ts'

/** For manifests with migrations that are outside of a transaction. */
const statements: Strategy = statementsOn({
  isFor: isPostgres,
  open: (adapter) => (adapter as PostgresAdapter).limits?.session(directSession(adapter)) ?? directSession(adapter),
})

export default statements
