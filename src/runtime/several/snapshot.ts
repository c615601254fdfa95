import { type Run, overtakings } from '../run.ts'
import { ranks } from './ranks.ts'

/**
 * Reads all logs until one whole round finds nothing new: then there was a moment at which all of them were as they were
 * read (the double collect of Afek et al., Atomic Snapshots of Shared Memory, J. ACM 40, 1993). One round alone can see a
 * migration applied whose predecessor on another storage seems pending, because that log was read a little earlier.
 */
export async function catchUpAll(run: Run): Promise<void> {
  for (let known = -1; known !== overtakings(run);) {
    known = overtakings(run)
    for (const storages of ranks(run)) await Promise.all(storages.map((storage) => storage.catchUp()))
  }
}
