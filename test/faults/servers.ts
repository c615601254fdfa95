import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { mariadbUrl } from '../servers/mariadb.ts'
import { usePostgres } from '../servers/postgres.ts'
import { redisUrl } from '../servers/redis.ts'
import { killApplications } from './application.ts'
import { CASES, caseOf } from './storages/cases.ts'
import type { Servers } from './storages/storage-case.ts'
import type { Scenario } from './scenario.ts'

/** What the tests of one file run on, once they run. */
export function useServers(processes: boolean): () => Servers {
  const server = usePostgres()
  const folder = mkdtempSync(join(tmpdir(), 'faults-'))
  let postgres: string | undefined
  beforeAll(async () => {
    postgres = await server.createDatabase()
  })
  afterAll(async () => {
    killApplications()
    for (const { disconnect } of CASES) await disconnect?.()
    rmSync(folder, { recursive: true, force: true })
  })
  return () => ({ folder, postgres, redis: redisUrl, mysql: mariadbUrl, processes })
}

/** Whether a server that it needs is not there. */
export function lacksServer({ main, extra, state }: Scenario): boolean {
  const all = [main, extra, ...(state === 'main' ? [] : [state])]
  const needed = all.map((adapter) => caseOf(adapter).needs)
  return (redisUrl === undefined && needed.includes('redis')) || (mariadbUrl === undefined && needed.includes('mysql'))
}
