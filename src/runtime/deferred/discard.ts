import type { Run } from '../run.ts'

/** Drops what attempts staged whose place in their committer's log was taken by others. Nothing may be open. */
export async function discardOrphans(run: Run): Promise<void> {
  for (const storage of run.storages) {
    if (!storage.adapter.deferred) continue
    const session = await storage.adapter.open()
    try {
      const orphans = ((await session.staged?.()) ?? []).filter(({ target, serial }) => {
        const committer = run.storages.find((other) => other.target === target)
        return committer !== undefined && serial < committer.nextSerial
      })
      if (orphans.length === 0 || !(await session.tryLock?.())) continue
      try {
        for (const { attempt } of orphans) await session.discard?.(attempt)
      } finally {
        await session.unlock?.()
      }
    } finally {
      await session.close()
    }
  }
}
