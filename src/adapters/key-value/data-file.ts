import { mkdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { Json } from '../../runtime/handles.ts'
import { readIfExists, replaceWhole } from '../disk/durable.ts'

/** What a key-value file holds; nothing where there is no file. @throws MigrationError `MIG_R0234` for anything but an object */
export async function readDataFile(file: string): Promise<ReadonlyMap<string, Json>> {
  const text = await readIfExists(file)
  if (text === null) return new Map()
  try {
    const data = JSON.parse(text) as Json
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('it is no object')
    return new Map(Object.entries(data as Readonly<Record<string, Json>>))
  } catch (error) {
    throw new MigrationError('MIG_R0234', `${file} cannot be used: ${reasonOf(error)}`, {
      cause: error,
      next: 'restore the file; it was left as it is',
    })
  }
}

export async function writeDataFile(file: string, data: ReadonlyMap<string, Json>): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  // `fromEntries` defines keys, so that `__proto__` is one like any other.
  await replaceWhole(dirname(file), basename(file), `${JSON.stringify(Object.fromEntries(data), null, 2)}\n`)
}
