import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import { exclusively } from '../queue.ts'
import type { Run } from '../run.ts'

/**
 * Whether whoever commits what lies staged in the storages of these migrations is bound: only its log tells whether that is
 * committed, and has to be in place before anything else runs there. Of one that is gone for good nobody can know.
 *
 * @throws MigrationError `MIG_R0108`
 */
export async function assertCommittersBound(run: Run, pending: readonly BoundMigration[]): Promise<void> {
  if (run.options.unbound?.length) return
  const used = new Set(pending.flatMap(({ storages }) => storages))
  for (const { name, adapter } of used) {
    if (!adapter.capabilities.deferred) continue
    const staged = await exclusively([adapter.client], async () => {
      const session = await adapter.open()
      try {
        return (await session.staged?.()) ?? []
      } finally {
        await session.close()
      }
    })
    const left = staged.find(({ target }) => run.storages.every((storage) => storage.target !== target))
    if (left)
      throw new MigrationError('MIG_R0108', `staged work of ${left.target}, which is not bound`, {
        target: name,
        attempt: left.attempt,
      })
  }
}
