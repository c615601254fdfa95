import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runOnce } from './run.ts'
import { placed } from './scenario.ts'
import { useServers } from './servers.ts'

const servers = useServers(false)

// What is nothing but a state store never settles anything: no other call of its session comes by.
it('D11 a temporary file that a killed writer left in the log of a state store is gone after the next run that has work', async () => {
  const placement = await placed({ main: 'better-sqlite3', extra: 'files', state: 'json-file' }, servers())
  const { home = '' } = placement.find(({ role }) => role === 'state')?.place ?? {}
  const log = join(home, 'data.json.migrations/log')
  mkdirSync(log, { recursive: true })
  const { pid } = spawnSync('true')
  const [ofDead, ofLiving] = [pid, process.pid].map((one) => `.tmp-${hostname()}-${one}-4b1d`)
  for (const name of [ofDead, ofLiving]) writeFileSync(join(log, name ?? ''), '[')
  expect(await runOnce(placement)).toMatchObject({ end: 'resolved', outcome: 'migrated' })
  expect(readdirSync(log).filter((name) => name.startsWith('.'))).toEqual([ofLiving])
})
