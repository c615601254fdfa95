import type { Entry } from '../../src/runtime/entry.ts'
import { type Placed, type Placement, expectedOf } from './scenario.ts'

/** What is in one storage. */
export interface Observed {
  readonly role: Placed['role']
  readonly expected: readonly string[]
  readonly effects: readonly string[]
  readonly log: readonly Entry[]
  readonly leftovers: readonly string[]
}

export async function observed(placement: Placement): Promise<readonly Observed[]> {
  const all: Observed[] = []
  for (const one of placement) all.push(await observedIn(one))
  return all
}

/** At one moment: a server may still carry out what a dead process asked for, and commit between the two reads. */
async function observedIn(placed: Placed): Promise<Observed> {
  const { storage, place, role } = placed
  for (let before = await logAt(placed); ;) {
    const effects = await storage.effects(place)
    const leftovers = await storage.leftovers(place)
    const log = await logAt(placed)
    if (log.length === before.length) return { role, expected: expectedOf(placed), effects, log, leftovers }
    before = log
  }
}

async function logAt({ storage, place }: Placed): Promise<readonly Entry[]> {
  const { adapter, end } = await storage.connect(place)
  const log: Entry[] = []
  for await (const entry of adapter.log.read(-1)) log.push(entry)
  await end()
  return log
}
