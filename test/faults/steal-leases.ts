import type { Adapter } from '../../src/runtime/adapter.ts'
import { leaseIn } from '../../src/runtime/lease/record.ts'
import type { Placement } from './scenario.ts'

/** Takes away all leases that somebody may have: of storages that are locked so, and of the run. */
export async function stealLeases(placement: Placement): Promise<void> {
  for (const { storage, place, role } of placement) {
    await storage.expire?.(place)
    if (role !== 'state') continue
    const { adapter, end } = await storage.connect(place)
    await stealLeaseOf(adapter)
    await end()
  }
}

export async function stealLeaseOf({ lease }: Adapter): Promise<void> {
  const text = (await lease?.get()) ?? null
  const { token, ...record } = leaseIn(text)
  if (record.nonce !== null) await lease?.swap(text, JSON.stringify({ ...record, token: token + 1, nonce: null }))
}
