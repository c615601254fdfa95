import { describe, expect, it } from 'vitest'
import { MATRIX } from '../faults/matrix.ts'
import { placed, removed } from '../faults/scenario.ts'
import { lacksServer, useServers } from '../faults/servers.ts'
import { times } from './crowds.ts'
import { crowdHere } from './in-one-process.ts'
import type { Task } from './member.ts'
import { readsOnce } from './nothing-to-do.ts'
import { UNSHARED } from './scenarios.ts'
import { verdict } from './verdict.ts'

const servers = useServers(false)

describe('N01 two hundred runs at once in one process: every migration takes effect once', () => {
  for (const scenario of UNSHARED)
    it(`on ${scenario.main}`, async () => {
      const placement = await placed(scenario, servers())
      expect(await verdict(placement, await crowdHere(placement, times<Task>(200, { pause: 20 })))).toEqual([])
      await removed(placement)
    })
})

describe('N03 a thousand runs at once with nothing to do', () => {
  for (const scenario of MATRIX.filter(({ state }) => state === 'main'))
    it.skipIf(lacksServer(scenario))(`read once from each storage and write nothing: ${scenario.main}`, async () => {
      const placement = await placed(scenario, servers())
      await readsOnce(placement, 1000)
      await removed(placement)
    })
})
