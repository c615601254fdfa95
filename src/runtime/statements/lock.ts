import type { Direct, Session } from '../adapter.ts'
import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'

/** Takes the lock, which a connection that is gone holds until its last statement has ended. */
export async function underLock<Answer>(
  run: Run,
  storage: Storage,
  work: (direct: Direct) => Promise<Answer>,
): Promise<Answer> {
  const { adapter, name } = storage
  const { direct } = run
  const session = (await (direct?.isFor(adapter) ? direct.open(adapter) : adapter.open())) as Required<Session>
  try {
    await storage.patiently(async () => ((await session.tryLock()) ? true : undefined))
    const answer = await work(session.direct())
    // Somebody has taken it away: whatever else ran meanwhile, this is done.
    if ((await session.unlock().catch(() => false)) === false)
      void run.emit({
        type: 'untidied',
        target: name,
        error: new MigrationError('MIG_R0271', 'lost', { target: name }),
      })
    return answer
  } finally {
    // What became of the work is known, and is not what its connection says in the end.
    await session.close().catch((error: unknown) => void run.emit({ type: 'untidied', target: name, error }))
  }
}
