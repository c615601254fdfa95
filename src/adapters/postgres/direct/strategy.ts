import type { Strategy } from '../../../runtime/adapter.ts'
import { statementsOn } from '../../../runtime/statements/strategy.ts'
import { isPostgres } from '../adapter.ts'
import { directSession } from './session.ts'

/** For manifests with migrations that are outside of a transaction. */
const statements: Strategy = statementsOn({ isFor: isPostgres, open: directSession })

export default statements
