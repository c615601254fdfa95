import type { Staging } from '../adapter.ts'
import type { Attempt } from '../attempt.ts'
import type { UpData } from '../entry.ts'
import type { Storage } from '../storage.ts'
import { tidy } from './tidy.ts'

/** Opens a unit of deferred writes in every participant. */
export async function stageAll(attempt: Attempt): Promise<void> {
  for (const storage of attempt.bound.storages)
    if (storage.adapter.capabilities.deferred) attempt.stagings.set(storage, await stage(attempt, storage))
}

async function stage(attempt: Attempt, storage: Storage): Promise<Staging> {
  const session = await storage.adapter.open()
  attempt.sessions.push([storage.name, session])
  if (session.stage) return session.stage(attempt.entry)
  throw new TypeError(`The adapter ${storage.adapter.name} declares deferred writes without stage().`)
}

/** Makes every participant's staged work durable; those that wrote nothing need no settling. */
export async function prepareAll(attempt: Attempt): Promise<UpData['redo']> {
  const redo: UpData['redo'][number][] = []
  for (const [storage, staging] of attempt.stagings) {
    const prepared = await staging.prepare()
    if (prepared !== null && storage.target) redo.push({ target: storage.target, redo: prepared })
  }
  return redo
}

/** Drops what an attempt staged that was not committed. */
export async function discardAll({ run, stagings }: Attempt): Promise<void> {
  for (const [{ name }, staging] of stagings) await tidy(run, name, () => staging.discard())
}

/** Ends the sessions of the participants. */
export async function closeAll({ run, sessions }: Attempt): Promise<void> {
  for (const [name, session] of sessions) await tidy(run, name, () => session.close())
}
