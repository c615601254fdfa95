import { readFile } from 'node:fs/promises'
import { eventsFile } from './storage.ts'

/** Keys and values of the events storage, which its first migration has filled. */
export async function readEvents(): Promise<Iterable<readonly [string, unknown]>> {
  const events: unknown = JSON.parse(await readFile(eventsFile, 'utf8'))
  if (typeof events !== 'object' || events === null) throw new Error(`${eventsFile} does not hold an object`)
  return Object.entries(events)
}
