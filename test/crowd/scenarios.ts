import { MATRIX } from '../faults/matrix.ts'
import type { Scenario } from '../faults/scenario.ts'
import { lacksServer } from '../faults/servers.ts'
import { caseOf } from '../faults/storages/cases.ts'
import { findNodeWithSqlite } from '../newer-node.ts'
import type { Task } from './member.ts'

/** A driver that processes of a crowd have, and the Node that has it. */
export interface Driver extends Pick<Task, 'driver'> {
  readonly node: string
}

export interface CrowdCase {
  readonly name: string
  readonly scenario: Scenario
  /** The processes have them in turn. `undefined`: there is no Node for them here. */
  readonly drivers: readonly Driver[] | undefined
}

const HERE: Driver = { node: process.execPath }
const newer = findNodeWithSqlite()
const NODES_OWN: Driver | undefined = newer === undefined ? undefined : { node: newer, driver: 'node-sqlite' }

const inWords = ({ extra, state }: Scenario): string =>
  `with ${extra}, state in ${state === 'main' ? 'the target' : state}`

/** Every adapter whose storage several processes can open, with the state in the target and elsewhere. */
export const SHARED: readonly CrowdCase[] = MATRIX.filter(({ main }) => caseOf(main).reach === 'processes').flatMap(
  (scenario) => {
    const usual = { name: `${scenario.main} ${inWords(scenario)}`, scenario, drivers: [HERE] }
    if (scenario.main !== 'better-sqlite3') return [usual]
    return [
      usual,
      { name: `node:sqlite ${inWords(scenario)}`, scenario, drivers: NODES_OWN && [NODES_OWN] },
      { name: `both drivers of SQLite ${inWords(scenario)}`, scenario, drivers: NODES_OWN && [HERE, NODES_OWN] },
    ]
  },
)

/** Every adapter whose storage is one process's. */
export const UNSHARED: readonly Scenario[] = MATRIX.filter(
  ({ main, state }) => caseOf(main).reach !== 'processes' && state === 'main',
)

/** Whether a server or a Node is not there. */
export function lacks({ scenario, drivers }: CrowdCase): boolean {
  return lacksServer(scenario) || drivers === undefined
}

export const IN_TARGET: readonly CrowdCase[] = SHARED.filter(({ scenario }) => scenario.state === 'main')
export const ELSEWHERE: readonly CrowdCase[] = SHARED.filter(({ scenario }) => scenario.state !== 'main')
