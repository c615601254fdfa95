import { lstat, readFile } from 'node:fs/promises'
import { MigrationError } from '../../runtime/errors.ts'
import { sha256 } from '../disk/durable.ts'
import { kindAt } from './path.ts'

interface Seen {
  /** `null`: there was no file. */
  readonly hash: string | null
  /** What differs when somebody has put another file there, or written to it. */
  readonly stamp: string
}

/**
 * Files as one attempt saw them first. What it decided by is what its changes are compared with: whoever wrote to a file
 * between its reading and its writing would be overwritten otherwise.
 */
export class SeenFiles {
  readonly #seen = new Map<string, Seen>()

  /**
   * @returns the content of what is there, `null` where nothing is
   * @throws MigrationError `MIG_R0231` where it is another than it was, or a file no more
   */
  async read(path: string, file: string): Promise<Buffer | null> {
    if ((await kindAt(file)) === 'other') throw changed(path)
    const stamp = await stampOf(file)
    const bytes = stamp === '' ? null : await readFile(file)
    const hash = bytes && sha256(bytes)
    const { hash: before } = this.#seen.get(path) ?? { hash }
    if (before !== hash) throw changed(path)
    this.#seen.set(path, { hash, stamp })
    return bytes
  }

  hashOf(path: string): string | null {
    return this.#seen.get(path)?.hash ?? null
  }

  /** Of one that was read. @throws MigrationError `MIG_R0231` */
  async assertSame(path: string, file: string): Promise<void> {
    if ((await stampOf(file)) !== this.#seen.get(path)?.stamp) await this.read(path, file)
  }
}

export function changed(path: string): MigrationError {
  return new MigrationError('MIG_R0231', `${path} changed since the migration saw it.`, {
    next: 'start again; once it is committed, put back what was there before; nothing was overwritten',
  })
}

async function stampOf(file: string): Promise<string> {
  if ((await kindAt(file)) === 'absent') return ''
  const { ino, size, mtimeMs } = await lstat(file)
  return `${ino} ${size} ${mtimeMs}`
}
