import { join } from 'node:path'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { aftermath } from './aftermath.ts'
import { buildApplication, startApplication } from './application.ts'
import { Gate } from './gate.ts'
import { NEVER } from './plan.ts'
import { runOnce } from './run.ts'
import { placed } from './scenario.ts'
import { useServers } from './servers.ts'

const servers = useServers(true)
const scenario = { main: 'pg', extra: 'json-file', state: 'main' }
const AT_ONCE = 46
const KILLED = 4

it('C06 fifty first starts on PostgreSQL at once, some killed while they create the table: the others end well', async () => {
  const file = await buildApplication(join(servers().folder, 'application'))
  const gate = new Gate(NEVER, (_, call) => call())
  await runOnce(await placed(scenario, servers()), { gate })
  const at = gate.passed.indexOf('main.log.append') + 1
  const placement = await placed(scenario, servers())
  const killed = Array.from({ length: KILLED }, () => startApplication(file, placement, { do: 'killDuring', at }))
  expect(await Promise.race(killed.map(({ fired }) => fired))).toBe('main.log.append')
  const others = Promise.all(Array.from({ length: AT_ONCE }, () => runOnce(placement)))
  const ends = await Promise.all(killed.map(({ ended }) => ended))
  const outcomes = await others
  expect(outcomes.filter(({ end }) => end !== 'resolved')).toEqual([])
  expect(ends.filter(({ signal, outcome }) => signal !== 'SIGKILL' && outcome?.end !== 'resolved')).toEqual([])
  expect(await aftermath(placement, outcomes)).toEqual([])
})

it('C06 without the lock that the adapter takes for it, the same statement fails', async () => {
  const clients = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = new Client({ connectionString: servers().postgres })
      await client.connect()
      return client
    }),
  )
  const failures: unknown[] = []
  for (let round = 0; round < 100 && failures.length === 0; round++) {
    const create = `create table if not exists unlocked_${round} (serial bigint primary key)`
    for (const { status, ...end } of await Promise.allSettled(clients.map((client) => client.query(create))))
      if (status === 'rejected') failures.push((end as PromiseRejectedResult).reason)
  }
  await Promise.all(clients.map((client) => client.end()))
  expect(String(failures[0])).toMatch(/already exists|duplicate key/)
})
