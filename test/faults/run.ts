import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import type { Gate } from './gate.ts'
import { type Release, faultManifest } from './manifest.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { type Placed, type Placement, connected } from './scenario.ts'
import { CANARY, type StorageCase } from './storages/storage-case.ts'
import { watched } from './watched.ts'

/** Changes an adapter for the worse, to see whether that is found out. */
export type Mutate = (adapter: Adapter, placed: Placed) => Adapter

export interface How extends Pick<Options, 'wait' | 'signal'> {
  readonly gate?: Gate
  readonly mutate?: Mutate
  readonly release?: Release
}

/** One run of the application on storages, from connecting to the end of its connections. */
export async function runOnce(
  placement: Placement,
  { gate, mutate, release = 'this', ...options }: How = {},
): Promise<Outcome> {
  const { options: bound, end } = await connected(placement, (adapter, one) => {
    const seen = gate ? watched(adapter, one.role, gate) : adapter
    return mutate ? mutate(seen, one) : seen
  })
  try {
    return await outcomeOf((onEvent) =>
      migrate(faultManifest(kindOf(placement, 'main'), kindOf(placement, 'extra'), release), {
        wait: 20_000,
        params: { password: CANARY },
        onEvent,
        ...bound,
        ...options,
      }),
    )
  } finally {
    await end()
  }
}

export function kindOf(placement: Placement, role: Placed['role']): StorageCase['kind'] {
  return placement.find((one) => one.role === role)?.storage.kind ?? 'kv'
}
