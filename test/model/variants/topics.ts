import { deferred } from './deferred.ts'
import { intents } from './intents.ts'
import { state } from './state.ts'
import { statements } from './statements.ts'
import { stepwise } from './steps.ts'
import { units } from './units.ts'
import type { Topic } from './variant.ts'

/** Everything that the model says something about, in the order of `docs/protocol.md`. */
export const TOPICS: readonly Topic[] = [units, intents, state, deferred, stepwise, statements]
