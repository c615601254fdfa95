import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/runtime/options.ts'
import { redisUrl } from '../servers/redis.ts'
import { IDS, LIBRARIES, assertMigrated, freshPlace, killEverywhere, run } from './redis-processes.ts'

const CROWD = 20

describe.skipIf(redisUrl === undefined)('processes on one Redis', () => {
  it.each(['db', 'events', 'own'] as const)(
    'N01 twenty at once, through both clients, state in %s: every migration takes effect once, and all end well (migrate-mongo looked, then inserted)',
    async (state) => {
      const place = freshPlace(state)
      const crowd = Array.from({ length: CROWD }, (_, number) => run(place, LIBRARIES[number % 2] ?? 'ioredis', number))
      while (readdirSync(place.folder).filter((name) => name.startsWith('ready-')).length < CROWD) await delay(20)
      writeFileSync(join(place.folder, 'go'), '')
      const ends = await Promise.all(crowd)
      expect(ends.flatMap(({ errors }) => (errors === '' ? [] : [errors]))).toEqual([])
      const results = ends.map(
        ({ out }) => JSON.parse(out) as Result & { readonly begun: number; readonly ended: number },
      )
      expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(IDS)
      expect(results.flatMap(({ findings }) => findings)).toEqual([])
      const end = Math.max(...results.flatMap((result) => (result.applied.length > 0 ? [result.ended] : [])))
      const contenders = results.filter(({ begun }) => begun < end)
      expect(contenders.length, 'without contention this proves nothing').toBeGreaterThan(CROWD / 2)
      await assertMigrated(place, 'after the crowd')
      expect(JSON.parse((await run(place, 'ioredis')).out)).toMatchObject({ outcome: 'current', applied: [] })
    },
  )

  // redis.soak.ts kills before every call.
  it.each([
    ['db', 'node-redis', 9],
    ['events', 'ioredis', 5],
  ] as const)(
    'C05 killed before a call, state in %s, through %s (step %i): whole after the next start',
    { timeout: 600_000 },
    killEverywhere,
  )
})
