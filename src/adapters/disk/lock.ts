import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isOptionalText } from '../../runtime/entry-shape.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { createWhole, isAlive, namesIn, readIfExists, replaceWhole } from './durable.ts'
import { fileName, serialIn } from './entry-file.ts'

/** Who holds a lock, or that nobody does. */
type Holder =
  | {
      readonly token: string
      readonly host: string
      readonly boot: string | null
      readonly pid: number
      readonly started: string | null
    }
  | { readonly token: string; readonly released: true }

/**
 * A lock between processes, freed when its holder is gone. Every holder has a number of its own, created by `link()`;
 * the highest number is the lock. Numbers only grow: a name is never free again, so a process that acts on an old
 * listing finds the name taken or a higher one beside its own. That makes it safe to pass over a dead holder, which with
 * one fixed name it is not: between the look at the dead holder and the removal of its file another may have taken it.
 */
export class DiskLock {
  readonly #folder: string
  #held: { readonly name: string; readonly token: string } | null = null

  /** @param folder of the lock's own; made when it is first taken */
  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Never waits.
   *
   * @throws MigrationError `MIG_R0235` when a process of another host holds it, or its file cannot be understood
   */
  async tryLock(): Promise<boolean> {
    const highest = await highestIn(this.#folder)
    if (highest !== null && !(await isFree(join(this.#folder, fileName(highest))))) return false
    const name = fileName((highest ?? -1) + 1)
    const token = randomUUID()
    await mkdir(this.#folder, { recursive: true })
    if ((await createWhole(this.#folder, name, JSON.stringify(await self(token)))) === 'exists') return false
    if ((await highestIn(this.#folder)) !== serialIn(name)) {
      await rm(join(this.#folder, name), { force: true })
      return false
    }
    this.#held = { name, token }
    for (const other of await namesIn(this.#folder)) {
      if (other < name) await rm(join(this.#folder, other), { force: true })
    }
    return true
  }

  async unlock(): Promise<void> {
    if (!this.#held) return
    const { name, token } = this.#held
    this.#held = null
    await replaceWhole(this.#folder, name, released(token))
  }

  /** Token of whoever holds it, dead or alive. */
  async holder(): Promise<string | null> {
    return (await this.#highest())?.token ?? null
  }

  /**
   * Frees it for somebody who has made sure that its holder is gone. A name that was passed over meanwhile says nothing
   * any more, so writing to it harms nobody.
   */
  async release(token: string): Promise<boolean> {
    const highest = await this.#highest()
    if (highest?.token !== token) return false
    await replaceWhole(this.#folder, highest.name, released(token))
    return true
  }

  async #highest(): Promise<{ readonly name: string; readonly token: string } | null> {
    const serial = await highestIn(this.#folder)
    if (serial === null) return null
    const name = fileName(serial)
    const text = await readIfExists(join(this.#folder, name))
    if (text === null) return null
    const holder = parse(join(this.#folder, name), text)
    return 'released' in holder ? null : { name, token: holder.token }
  }
}

function released(token: string): string {
  return JSON.stringify({ token, released: true } satisfies Holder)
}

async function highestIn(folder: string): Promise<number | null> {
  const serials = (await namesIn(folder)).map(serialIn).filter((serial) => serial !== null)
  return serials.at(-1) ?? null
}

async function isFree(path: string): Promise<boolean> {
  const text = await readIfExists(path)
  // Whoever took a higher number removed it: not ours, try again.
  if (text === null) return false
  const holder = parse(path, text)
  if ('released' in holder) return true
  if (holder.host !== hostname()) {
    throw unknown(path, `is held by process ${holder.pid} of the host "${holder.host}", token ${holder.token}`)
  }
  if (holder.boot !== (await bootId())) return true
  return !isAlive(holder.pid) || holder.started !== (await startOf(holder.pid))
}

function parse(path: string, text: string): Holder {
  try {
    const holder = JSON.parse(text) as Partial<Record<string, unknown>> | null
    if (holder?.['released'] === true) return { token: '', released: true }
    const { host, boot, pid, started, token } = holder ?? {}
    if (typeof host === 'string' && typeof pid === 'number' && typeof token === 'string')
      if (isOptionalText(boot) && isOptionalText(started)) return { token, host, boot, pid, started }
  } catch (error) {
    throw unknown(path, 'is no JSON', error)
  }
  throw unknown(path, 'has another shape')
}

function unknown(path: string, what: string, cause?: unknown): MigrationError {
  return new MigrationError('MIG_R0235', `The lock ${path} ${what}.`, {
    ...(cause === undefined ? {} : { cause }),
    next: 'make sure that no process works on this storage, then `release` it by its token, or delete the file',
  })
}

async function self(token: string): Promise<Holder> {
  return { token, host: hostname(), boot: await bootId(), pid: process.pid, started: await startOf(process.pid) }
}

/** Tells one boot of this machine from the next: process ids begin anew. Linux only, else null. */
async function bootId(): Promise<string | null> {
  return (await readProc('/proc/sys/kernel/random/boot_id'))?.trim() ?? null
}

/** When a process started, in clock ticks since the boot: process ids are used again. Linux only, else null. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readProc(`/proc/${pid}/stat`)
  // Field 22; the second is a name in parentheses that may hold anything (proc(5)).
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

async function readProc(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // No such system, or no such process any more: both mean that nothing is known.
    return null
  }
}
