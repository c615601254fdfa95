import type { Id } from '../graph/manifest.ts'
import type { Entry } from '../runtime/entry.ts'
import { unsettled } from '../runtime/deferred/unsettled.ts'
import { MigrationError } from '../runtime/errors.ts'
import { catchUp } from '../runtime/migrate.ts'
import { markOf } from '../runtime/mark.ts'
import { record } from '../runtime/record.ts'
import type { Run } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'
import { readHeads } from './read.ts'
import type { Report } from './report.ts'
import type { Verdict } from './resolve.ts'

/**
 * Of a committed migration whose staged work is lost, or is for something else than what is there now: somebody has put it
 * in place, or undone all of the migration. What can still be settled is, whoever says what.
 *
 * @returns nothing where no attempt waits to be settled that is meant
 * @throws MigrationError `MIG_R0125` where it could be settled after all
 */
export async function resolveUnsettled(
  run: Run,
  id: Id,
  verdict: 'applied' | 'not-applied',
  { attempt, reason, who, dryRun = false }: Verdict,
): Promise<Report | undefined> {
  await readHeads(run)
  await catchUp(run)
  const found = run.storages.flatMap((storage) => unsettled(storage).map((entry) => ({ storage, entry })))
  const open = found.find(({ entry }) => entry.attempt === attempt && entry.id === id)
  if (!open) return undefined
  const { storage, entry } = open
  const applied = verdict === 'applied'
  const isStep = entry.kind === 'step'
  if (isStep && !applied)
    throw new MigrationError('MIG_R0125', 'one of its steps is committed, not all of it', {
      id,
      attempt,
      next: `put in place what the step staged, then resolve('${id}', 'applied', …)`,
    })
  if (!dryRun) {
    await settle(run, storage, entry)
    if (!isStep) await mark(run, storage, entry, { applied, reason, who: who ?? null })
    if (run.state.genesis) await record(run, false)
  }
  const about = { id, target: storage.name }
  const marked = isStep ? [] : [{ do: 'mark', ...about, applied } as const]
  return { dryRun, actions: [{ do: 'settle', ...about }, ...marked], findings: [] }
}

async function settle(run: Run, storage: Storage, entry: Entry): Promise<void> {
  let isRefused = false
  await run.deferred?.settleEntry(run, storage, entry, (error) => {
    isRefused = /MIG_R023[16]/.test(Object(error).code)
    if (!isRefused) throw error
  })
  const { id, attempt } = entry
  if (!isRefused) throw new MigrationError('MIG_R0125', `attempt ${attempt} is settled now`, { id, attempt })
}

async function mark(run: Run, storage: Storage, entry: Entry, data: Parameters<typeof markOf>[3]): Promise<void> {
  while ((await storage.append(() => [{ ...markOf(run, storage, entry, data), attempt: entry.attempt }])) === 'taken')
    await storage.catchUp()
}
