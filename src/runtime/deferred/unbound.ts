import type { BoundMigration } from '../binding.ts'
import type { Entry } from '../entry.ts'
import { MigrationError, reasonOf } from '../errors.ts'
import { exclusively } from '../queue.ts'
import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'

/**
 * Whether whoever commits what lies staged in the storages of these migrations is bound: only its log tells whether that is
 * committed, and has to be in place before anything else runs there. Of one that is gone for good nobody can know.
 *
 * @throws MigrationError `MIG_R0108`, `MIG_R0222` where it cannot be read, and what `patiently` throws
 */
export async function assertCommittersBound(run: Run, pending: readonly BoundMigration[]): Promise<void> {
  if (run.options.unbound?.length) return
  const used = new Set(pending.flatMap(({ storages }) => storages))
  for (const storage of used) {
    if (!storage.adapter.capabilities.deferred) continue
    const staged = await stagedIn(storage)
    const left = staged.find(({ target }) => run.storages.every((other) => other.target !== target))
    if (left)
      throw new MigrationError('MIG_R0108', `staged work of ${left.target}, which is not bound`, {
        target: storage.name,
        attempt: left.attempt,
      })
  }
}

async function stagedIn(storage: Storage): Promise<readonly Pick<Entry, 'target' | 'attempt'>[]> {
  const { name, adapter } = storage
  try {
    return await storage.patiently(() =>
      exclusively([adapter.client], async () => {
        const session = await adapter.open()
        try {
          return (await session.staged?.()) ?? []
        } finally {
          await session.close()
        }
      }),
    )
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause
    throw new MigrationError('MIG_R0222', `staged work: ${reasonOf(cause)}`, { cause, target: name })
  }
}
