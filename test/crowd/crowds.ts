import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Placement, placed, removed } from '../faults/scenario.ts'
import { useServers } from '../faults/servers.ts'
import type { Servers } from '../faults/storages/storage-case.ts'
import { bundled } from './build.ts'
import type { Report, Task } from './member.ts'
import { Processes } from './processes.ts'
import type { CrowdCase } from './scenarios.ts'
import { contenders, verdict } from './verdict.ts'

const CHILD = join(import.meta.dirname, 'child.ts')
/** Of all: what each of them does next is decided before the first of them does it. */
const PAUSE = 50

/** What a crowd left, told of by `judge`. */
type Judge = (placement: Placement, reports: readonly Report[]) => Promise<readonly string[]>

export interface Crowds {
  /**
   * One process for each task, on new storages.
   *
   * @param around what the processes are told to open instead of the storages, which stay the judge's
   * @returns what is wrong after it
   */
  run(
    one: CrowdCase,
    tasks: readonly Task[],
    judge?: Judge,
    around?: (placement: Placement) => Promise<Placement>,
  ): Promise<readonly string[]>
}

/**
 * Crowds of processes for the tests of one file.
 *
 * @param mysql URL of a MariaDB server, where the one that tests share has not connections enough
 */
export function useCrowds(mysql?: () => string | undefined): Crowds {
  const shared = useServers(true)
  const servers = (): Servers => ({ ...shared(), ...(mysql ? { mysql: mysql() } : {}) })
  let processes: Processes | undefined
  beforeAll(async () => {
    processes = new Processes(await bundled(CHILD, join(servers().folder, 'crowd')))
  })
  afterAll(async () => {
    try {
      await processes?.end()
    } finally {
      processes?.kill()
    }
  })
  return {
    async run({ scenario, drivers = [] }, tasks, judge = verdict, around = async (placement) => placement) {
      const original = await placed(scenario, servers())
      const placement = await around(original)
      const parts = tasks.map((task, number) => {
        const { node = '', ...driver } = drivers[number % drivers.length] ?? {}
        return { placement, task: { pause: PAUSE, ...task, ...driver }, node }
      })
      const reports = (await processes?.race(parts)) ?? []
      expect(contenders(reports), 'without contention this proves nothing').toBeGreaterThan(tasks.length / 2)
      const found = await judge(original, reports)
      await removed(original)
      return found
    },
  }
}

export function times<T>(count: number, task: T): readonly T[] {
  return Array.from({ length: count }, () => task)
}

/** As many of the old release as of the next, in turn. */
export function bothReleases(each: number): readonly Task[] {
  return Array.from({ length: each }, (): readonly Task[] => [{ release: 'this' }, { release: 'next' }]).flat()
}
