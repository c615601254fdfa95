import type { Session, Staging } from '../adapter.ts'
import type { Attempt } from '../attempt.ts'
import type { UpData } from '../entry.ts'
import type { Storage } from '../storage.ts'
import { tidy } from './tidy.ts'

/** The units of a try in its participants. */
type Stagings = Map<Storage, Staging>

interface Opened {
  readonly sessions: (readonly [name: string, Session])[]
  readonly stagings: Stagings
}

/** What a try has opened in its participants: it outlives the committer's unit, since only the log tells what came of it. */
const opened = new WeakMap<Attempt, Opened>()

/** The same for one try, however often it begins: a committer that is busy is asked again. */
function openedBy(attempt: Attempt): Opened {
  const known = opened.get(attempt) ?? { sessions: [], stagings: new Map() }
  opened.set(attempt, known)
  return known
}

/** Opens a unit of deferred writes in every participant. */
export async function stageAll(attempt: Attempt): Promise<Stagings> {
  const { sessions, stagings } = openedBy(attempt)
  for (const storage of attempt.bound.storages) {
    if (!storage.adapter.capabilities.deferred) continue
    const session = await storage.adapter.open()
    sessions.push([storage.name, session])
    if (!session.stage)
      throw new TypeError(`The adapter ${storage.adapter.name} declares deferred writes without stage().`)
    stagings.set(storage, await session.stage(attempt.entry))
  }
  return stagings
}

/** Makes every participant's staged work durable; those that wrote nothing need no settling. */
export async function prepareAll(stagings: Stagings): Promise<UpData['redo']> {
  const redo: UpData['redo'][number][] = []
  for (const [storage, staging] of stagings) {
    const prepared = await staging.prepare()
    if (prepared !== null && storage.target) redo.push({ target: storage.target, redo: prepared })
  }
  return redo
}

/** Drops what an attempt staged that was not committed. */
export async function discardAll(attempt: Attempt): Promise<void> {
  const { stagings } = openedBy(attempt)
  for (const [{ name }, staging] of stagings) await tidy(attempt.run, name, () => staging.discard())
}

/** Ends the sessions of the participants. */
export async function closeAll(attempt: Attempt): Promise<void> {
  const { sessions } = openedBy(attempt)
  for (const [name, session] of sessions) await tidy(attempt.run, name, () => session.close())
}
