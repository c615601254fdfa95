import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, constants, link, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf } from './error-code.ts'

const TEMPORARY = '.tmp-'

/** A name that no other process uses, and that tells whose it was: `sweep` removes those of dead processes. */
export function temporaryName(): string {
  return `${TEMPORARY}${encodeURIComponent(hostname())}-${process.pid}-${randomUUID()}`
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** A new file with all of `data` on stable storage. Its name is not, until the folder is synced. */
export async function writeNew(path: string, data: string | Uint8Array): Promise<void> {
  await withFile(await open(path, 'wx'), async (file) => {
    await file.writeFile(data)
    await file.sync()
  })
}

export async function syncFile(path: string): Promise<void> {
  await withFile(await open(path, 'r'), (file) => file.sync())
}

/** Makes the names in a folder durable. */
export const syncFolder: (path: string) => Promise<void> = syncFile

async function withFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file)
  } finally {
    await file.close()
  }
}

/**
 * Creates `folder/name` with all of `data`, or finds it there: never half of it, never instead of another's.
 * `link()` is the create-if-absent of file systems: it fails when the name exists.
 */
export async function createWhole(folder: string, name: string, data: string): Promise<'created' | 'exists'> {
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, temporaryName())
  try {
    await writeNew(temporary, data)
    await link(temporary, join(folder, name))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists'
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(folder)
  return 'created'
}

/** Replaces `folder/name` by a file with all of `data`, durably. */
export async function replaceWhole(folder: string, name: string, data: string): Promise<void> {
  const temporary = join(folder, temporaryName())
  try {
    await writeNew(temporary, data)
    await rename(temporary, join(folder, name))
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(folder)
}

/**
 * What is read here is replaced as a whole, which a link does not survive. Through one a device could be read that never
 * ends, and reading a pipe waits for somebody who writes. Windows has neither flag.
 */
const PLAIN = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The file's text; `null` when there is none. */
export async function readIfExists(path: string): Promise<string | null> {
  try {
    return await readFile(path, { encoding: 'utf8', flag: PLAIN })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Names in a folder, without what is being written. None when there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(TEMPORARY)).toSorted()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Removes what processes of this host left in a folder when they were killed. */
export async function sweep(folder: string): Promise<void> {
  const own = `${TEMPORARY}${encodeURIComponent(hostname())}-`
  for (const name of await readdir(folder).catch(noneIfAbsent)) {
    const pid = Number(name.slice(own.length).split('-')[0])
    if (name.startsWith(own) && !isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function noneIfAbsent(error: unknown): readonly string[] {
  if (codeOf(error) === 'ENOENT') return []
  throw error
}

/** Whether a process of this host runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
