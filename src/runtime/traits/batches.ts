import type { Strategy } from '../adapter.ts'
import { several } from '../several/storages.ts'
import { strategy } from '../strategies.ts'
import { traitRunner } from './strategy.ts'

/** For adapters whose capabilities say `batch`: whoever runs a migration there checks it when it is committed. */
export const singleBatch: Strategy = strategy({ several, traits: traitRunner })
