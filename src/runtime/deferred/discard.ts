import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'
import { tidy } from './tidy.ts'

/** Drops what attempts staged whose place in their committer's log was taken by others. Nothing may be open. */
export async function discardOrphans(run: Run): Promise<void> {
  for (const storage of run.storages)
    if (storage.adapter.capabilities.deferred) await tidy(run, storage.name, () => discardIn(run, storage))
}

async function discardIn(run: Run, { adapter }: Storage): Promise<void> {
  const session = await adapter.open()
  try {
    const orphans = ((await session.staged?.()) ?? []).filter(({ target, serial }) => {
      const committer = run.storages.find((other) => other.target === target)
      return committer !== undefined && serial < committer.nextSerial
    })
    if (orphans.length === 0 || !(await session.tryLock?.())) return
    try {
      for (const { attempt } of orphans) await session.discard?.(attempt)
    } finally {
      await session.unlock?.()
    }
  } finally {
    await session.close()
  }
}
