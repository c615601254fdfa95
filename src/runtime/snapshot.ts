import type { Run } from './run.ts'

/**
 * Reads all logs until one whole round finds nothing new: then there was a moment at which all of them were as they were
 * read (the double collect of Afek et al., Atomic Snapshots of Shared Memory, J. ACM 40, 1993). One round alone can see a
 * migration applied whose predecessor on another storage seems pending, because that log was read a little earlier.
 */
export async function catchUp(run: Run): Promise<void> {
  for (let known = -1; known !== overtakings(run);) {
    known = overtakings(run)
    await Promise.all(run.storages.map((storage) => storage.catchUp()))
  }
}

/** Grows whenever entries of others are found: a plan that was made before is out of date. */
export function overtakings({ storages }: Run): number {
  return storages.reduce((sum, storage) => sum + storage.overtakings, 0)
}
