import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Options } from '../../src/runtime/options.ts'
import { expectedIn } from './manifest.ts'
import { caseOf } from './storages/cases.ts'
import type { Connection, Place, Servers, StorageCase } from './storages/storage-case.ts'

/** Names of adapters: what the migrations change, and where the state is. */
export interface Scenario {
  readonly main: string
  /** Takes part in the transactions of `main`. */
  readonly extra: string
  /** `main`: the state is in the target. */
  readonly state: string
}

/** A storage of a scenario, and where it is. */
export interface Placed {
  readonly role: 'main' | 'extra' | 'state'
  readonly storage: StorageCase
  readonly place: Place
}

export type Placement = readonly Placed[]

/** As text, for another process. */
export function writtenPlacement(placement: Placement): string {
  return JSON.stringify(placement.map(({ role, storage, place }) => ({ role, adapter: storage.adapter, place })))
}

export function readPlacement(text: string): Placement {
  const all = JSON.parse(text) as readonly (Omit<Placed, 'storage'> & { readonly adapter: string })[]
  return all.map(({ role, adapter, place }) => ({ role, storage: caseOf(adapter), place }))
}

/** New, empty storages. */
export async function placed({ main, extra, state }: Scenario, servers: Servers): Promise<Placement> {
  const all = [['main', main], ['extra', extra], ...(state === 'main' ? [] : [['state', state] as const])] as const
  const placement: Placed[] = []
  for (const [role, adapter] of all) {
    const storage = caseOf(adapter)
    placement.push({ role, storage, place: await storage.create(servers) })
  }
  return placement
}

export async function removed(placement: Placement): Promise<void> {
  for (const { storage, place } of placement) await storage.remove?.(place)
}

export interface Connected {
  readonly options: Pick<Options, 'state'> & { readonly adapters: Readonly<Record<string, Adapter>> }
  end(): Promise<void>
}

/** @param wrap what a run sees instead of the adapter itself */
export async function connected(
  placement: Placement,
  wrap: (adapter: Adapter, placed: Placed) => Adapter,
): Promise<Connected> {
  const connections: Connection[] = []
  const adapters = new Map<string, Adapter>()
  for (const one of placement) {
    const connection = await one.storage.connect(one.place)
    connections.push(connection)
    adapters.set(one.role, wrap(connection.adapter, one))
  }
  const { state, ...targets } = Object.fromEntries(adapters)
  return {
    options: { adapters: targets, state: state ?? 'main' },
    async end() {
      for (const { end } of connections) await end()
    },
  }
}

/** Ids that leave a trace in a storage; none in one that only holds the state. */
export function expectedOf({ role }: Placed): readonly string[] {
  return role === 'state' ? [] : expectedIn(role)
}
