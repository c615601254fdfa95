import { describe, it } from 'vitest'
import { redisUrl } from '../servers/redis.ts'
import { LIBRARIES, killEverywhere } from './redis-processes.ts'

describe.skipIf(redisUrl === undefined).each(LIBRARIES)('processes on one Redis, through %s', (library) => {
  it.each(['db', 'events', 'own'] as const)(
    'C05 killed before any call, state in %s: whole after the next start',
    { timeout: 1_800_000 },
    (state) => killEverywhere(state, library, 1),
  )
})
