import { MigrationError } from '../runtime/errors.ts'
import { cellOf } from '../runtime/lease/held.ts'
import { describe, leaseIn } from '../runtime/lease/record.ts'
import type { Run } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'
import type { DryRun, Report } from './report.ts'

export interface Release extends DryRun {
  /** As the error names it. Any other: nothing is done. */
  readonly token: string
}

/** A lock, or the lease of a run. @throws MigrationError `MIG_R0126` where nobody holds the storage with this token */
export async function release(run: Run, target: string, { token, dryRun = false }: Release): Promise<Report> {
  const storage = run.storages.find(({ name }) => name === target)
  const isReleased =
    storage && ((await releaseLock(storage, token, dryRun)) || (await releaseLease(storage, token, dryRun)))
  if (!isReleased) {
    const holder = storage && (await holderOf(storage))
    throw new MigrationError('MIG_R0126', `nobody holds it with the token ${token}${holder ?? ''}`, { target })
  }
  return { dryRun, actions: [{ do: 'release', target, token, holder: isReleased }], findings: [] }
}

async function releaseLock({ adapter }: Storage, token: string, dryRun: boolean): Promise<string | undefined> {
  const session = await adapter.open()
  try {
    const isReleased = dryRun ? (await session.holder?.()) === token : await session.release?.(token)
    return isReleased ? `locked with the token ${token}` : undefined
  } finally {
    await session.close()
  }
}

/** @returns whose it was */
async function releaseLease(storage: Storage, token: string, dryRun: boolean): Promise<string | undefined> {
  if (!storage.adapter.lease) return undefined
  const cell = cellOf(storage)
  for (;;) {
    const text = await cell.get()
    const record = leaseIn(text)
    if (record.nonce === null || String(record.token) !== token) return undefined
    // Its holder may have given a sign of life meanwhile.
    if (dryRun || (await cell.swap(text, JSON.stringify({ ...record, nonce: null })))) return describe(record)
  }
}

/** Whoever has the lease now, for people. */
async function holderOf(storage: Storage): Promise<string | undefined> {
  if (!storage.adapter.lease) return undefined
  const record = leaseIn(await cellOf(storage).get())
  return record.nonce === null ? undefined : `; it is ${describe(record)}`
}
