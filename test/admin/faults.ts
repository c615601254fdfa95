import { createMigrator } from '../../src/admin.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import type { Case } from '../faults/enumerate.ts'
import { Gate } from '../faults/gate.ts'
import { injection } from '../faults/injections.ts'
import type { Kind } from '../faults/manifest.ts'
import { FAULTS, type Fault, type Plan } from '../faults/plan.ts'
import { type Placement, type Scenario, connected, placed, removed } from '../faults/scenario.ts'
import { caseOf } from '../faults/storages/cases.ts'
import type { Servers } from '../faults/storages/storage-case.ts'
import { watched } from '../faults/watched.ts'
import { reversibleManifest, tracesIn } from './reversible.ts'

export const SCENARIOS: readonly (Scenario & { readonly step: number })[] = [
  { main: 'better-sqlite3', extra: 'files', state: 'main', step: 7 },
  { main: 'better-sqlite3', extra: 'json-file', state: 'json-file', step: 11 },
  { main: 'pg', extra: 'files', state: 'main', step: 11 },
  { main: 'pg', extra: 'json-file', state: 'better-sqlite3', step: 13 },
  { main: 'memory', extra: 'files', state: 'main', step: 7 },
  { main: 'redis', extra: 'json-file', state: 'main', step: 11 },
]

export function nameOf({ main, extra, state }: Scenario): string {
  return `${main} with ${extra}, state in ${state === 'main' ? 'the target' : state}`
}

export function faultsFor({ main }: Scenario): readonly Fault[] {
  return FAULTS.filter((fault) => fault !== 'stealLease' || caseOf(main).reach !== 'one')
}

type Command = 'migrate' | 'down'

/** Takes all back while one operation meets a fault, then goes on in one direction and the other. */
export async function downWithFault(scenario: Scenario, plan: Plan, servers: Servers): Promise<Case> {
  const placement = await placed(scenario, servers)
  const broken: string[] = []
  const clean = async (command: Command): Promise<void> => {
    const code = await run(placement, command)
    if (code !== 'well') broken.push(`a clean ${command} stopped: ${code}`)
    for (const { role, storage, place } of placement) {
      const found = (await storage.effects(place)).join()
      const wanted = command === 'migrate' && role !== 'state' ? tracesIn(role).join() : ''
      if (found !== wanted) broken.push(`${role} after a clean ${command}: "${found}", not "${wanted}"`)
      for (const left of await storage.leftovers(place)) if (command === 'migrate') broken.push(left)
    }
  }
  await clean('migrate')
  const controller = new AbortController()
  const rival = async (): Promise<void> => void (await run(placement, 'down', { wait: 40 }))
  const abort = (): void => controller.abort(new Error('told to stop'))
  const gate = new Gate(plan, injection(plan.do, { placement, abort, rival }))
  const code = await run(placement, 'down', { signal: controller.signal }, gate)
  if (code !== 'well' && !/^\[MIG_R\d{4}\]/.test(code)) broken.push(`it stopped without a code: ${code}`)
  for (const { storage, place } of placement) await storage.expire?.(place)
  // Whichever direction comes next: nothing is half done.
  const [first, second]: readonly [Command, Command] = plan.at % 2 === 0 ? ['down', 'migrate'] : ['migrate', 'down']
  await clean(first)
  await clean(second)
  await clean('migrate')
  await removed(placement)
  return { fired: gate.fired, broken }
}

async function run(placement: Placement, command: Command, more: Partial<Options> = {}, gate?: Gate): Promise<string> {
  const { options: bound, end } = await connected(placement, (adapter, { role }) =>
    gate ? watched(adapter, role, gate) : adapter,
  )
  const kindOf = (role: string): Kind => placement.find((one) => one.role === role)?.storage.kind ?? 'kv'
  const manifest = reversibleManifest({ main: kindOf('main'), extra: kindOf('extra') })
  const options = { wait: 20_000, ...bound, ...more }
  try {
    await (command === 'migrate' ? migrate(manifest, options) : createMigrator(manifest, options).down('base'))
    return 'well'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await end()
  }
}
