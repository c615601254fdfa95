import { beforeAll, describe } from 'vitest'
import { redisUrl } from '../servers/redis.ts'
import { useCases } from './use-cases.ts'

process.env['TESTING_REDIS'] = redisUrl
// The first one finds out which cases there are, before any test has begun.
const CLIENTS = ['node-redis', 'ioredis'] as const
process.env['TESTING_REDIS_CLIENT'] = CLIENTS[0]

describe.skipIf(redisUrl === undefined).each(CLIENTS)('through %s', (client) => {
  beforeAll(() => {
    process.env['TESTING_REDIS_CLIENT'] = client
  })
  // What the dead leave behind is the server's, whatever its client: `each-call.soak.ts` kills through both.
  const isFirst = client === CLIENTS[0]
  if (redisUrl !== undefined)
    useCases('redis', { processes: 4, killEvery: 20 }, (name) => isFirst || !/killed|is gone/.test(name))
})
