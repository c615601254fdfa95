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
const PAUSE = 20
/** In the way to workerd every call takes long: in-one-process.soak.ts. */
const NEAR = MATRIX.filter(({ main, state }) => state === 'main' && main !== 'd1')

// in-one-process.soak.ts has two hundred.
describe.each([2, 20])('N01 %i runs at once in one process: every migration takes effect once', (size) => {
  for (const scenario of UNSHARED)
    it(`on ${scenario.main}`, async () => {
      const placement = await placed(scenario, servers())
      expect(await verdict(placement, await crowdHere(placement, times<Task>(size, { pause: PAUSE })))).toEqual([])
      await removed(placement)
    })
})

describe('N01, the twin: where no serial is ever taken they do not', () => {
  for (const scenario of UNSHARED)
    it(`on ${scenario.main}`, async () => {
      const placement = await placed(scenario, servers())
      const tasks = times<Task>(5, { pause: PAUSE, unprotected: true })
      expect(await verdict(placement, await crowdHere(placement, tasks))).not.toEqual([])
      await removed(placement)
    })
})

describe('N03 a thousand runs at once with nothing to do', () => {
  for (const scenario of NEAR)
    it.skipIf(lacksServer(scenario))(`read once from each storage and write nothing: ${scenario.main}`, async () => {
      const placement = await placed(scenario, servers())
      await readsOnce(placement, 1000)
      await removed(placement)
    })
})
