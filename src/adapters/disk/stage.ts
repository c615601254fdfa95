import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import type { Json } from '../../runtime/handles.ts'
import { namesIn, readIfExists, sha256, sweep, syncFolder, temporaryName, writeNew } from './durable.ts'

/** The entry that commits a stage. */
export type StagedFor = Pick<Entry, 'target' | 'serial' | 'attempt'>

const PLAN = 'plan.json'
const REDO = 'redo.json'

/** Staged work of all attempts on one storage: a folder per attempt, named by its UUID. */
export class Stages {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  folderOf(attempt: string): string {
    if (/^[\da-f-]{36}$/.test(attempt)) return join(this.#folder, attempt)
    throw damagedStage(`${JSON.stringify(attempt)} is no attempt`)
  }

  /** Makes the attempt's folder, with the plan in it from the first moment on. */
  async create({ target, serial, attempt }: StagedFor): Promise<string> {
    const folder = this.folderOf(attempt)
    const temporary = join(this.#folder, temporaryName())
    await mkdir(temporary, { recursive: true })
    try {
      await writeNew(join(temporary, PLAN), JSON.stringify({ target, serial, attempt }))
      await rename(temporary, folder)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
    return folder
  }

  /** Makes the redo list durable, and with it every name in the attempt's folder. */
  async prepare(attempt: string, items: readonly Json[]): Promise<Json> {
    const folder = this.folderOf(attempt)
    const text = JSON.stringify(items)
    await writeNew(join(folder, REDO), text)
    await syncFolder(folder)
    await syncFolder(this.#folder)
    return { name: attempt, digest: sha256(text), items: items.length }
  }

  /** The redo list that `prepare` answered. @throws MigrationError `MIG_R0236` unless it is as it was */
  async redoOf(redo: Json): Promise<{ readonly folder: string; readonly items: unknown }> {
    const { name, digest } = (redo ?? {}) as { readonly name?: unknown; readonly digest?: unknown }
    if (typeof name !== 'string' || typeof digest !== 'string') throw damagedStage('the entry names no redo list')
    const folder = this.folderOf(name)
    const text = await readIfExists(join(folder, REDO))
    if (text === null) throw damagedStage(`${join(folder, REDO)} is gone`)
    if (sha256(text) !== digest) throw damagedStage(`${join(folder, REDO)} does not match its digest`)
    return { folder, items: JSON.parse(text) as unknown }
  }

  async list(): Promise<readonly StagedFor[]> {
    const found: StagedFor[] = []
    for (const name of await namesIn(this.#folder)) {
      const text = await readIfExists(join(this.folderOf(name), PLAN))
      // Another process discarded it just now.
      if (text === null) continue
      const { target, serial, attempt } = JSON.parse(text) as Partial<StagedFor>
      if (typeof target !== 'string' || typeof serial !== 'number' || attempt !== name)
        throw damagedStage(`${join(this.#folder, name, PLAN)} has another shape`)
      found.push({ target, serial, attempt })
    }
    return found
  }

  async discard(attempt: string): Promise<void> {
    await rm(this.folderOf(attempt), { recursive: true, force: true })
  }

  /** Removes what killed processes left half made, here and in the folders beside it. */
  async sweep(...folders: readonly string[]): Promise<void> {
    for (const folder of [this.#folder, ...folders]) await sweep(folder)
  }
}

export function damagedStage(what: string): MigrationError {
  return new MigrationError('MIG_R0236', `Staged work is damaged: ${what}.`, {
    next: 'restore the folder of the storage from a backup; nothing was overwritten',
  })
}
