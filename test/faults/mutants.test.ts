import { expect, it } from 'vitest'
import { enumerate } from './enumerate.ts'
import { inProcess } from './in-process.ts'
import { discardsBeforeSettled, ignoresTaken, markerLast, sound } from './mutants.ts'
import type { Fault } from './plan.ts'
import type { Mutate } from './run.ts'
import { useServers } from './servers.ts'

const servers = useServers(false)
const scenario = { main: 'better-sqlite3', extra: 'json-file', state: 'main' }

async function brokenBy(mutate: Mutate, fault: Fault): Promise<readonly string[]> {
  const enumeration = { scenario, faults: [fault], step: 1, first: 1, concurrency: 3 }
  return (await enumerate(enumeration, (plan) => inProcess(scenario, plan, servers(), mutate))).broken
}

it.each([
  ['writes the marker last', markerLast, 'reqLost', /I1 after-clean-run: main: 2 effects of /],
  ['ignores that its place is taken', ignoresTaken, 'stealLease', /I1 after-fault: main: 2 effects of /],
  ['drops staged work before it is in place', discardsBeforeSettled, 'error', /I1 .*: extra: 0 effects of /],
] as const)('a protocol that %s is found out', async (_, mutate, fault, what) => {
  expect((await brokenBy(mutate, fault)).join('\n')).toMatch(what)
  expect(await brokenBy(sound, fault)).toEqual([])
})
