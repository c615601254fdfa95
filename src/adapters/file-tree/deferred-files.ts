import { link, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationError } from '../../runtime/errors.ts'
import type { Files, Json } from '../../runtime/handles.ts'
import { sha256, syncFile, writeNew } from '../disk/durable.ts'
import { codeOf } from '../disk/error-code.ts'
import type { StagedFor, Stages } from '../disk/stage.ts'
import { BOOKS, foldersOf, isInTheWay, kindAt, locate } from './path.ts'
import type { RedoItem } from './redo-item.ts'
import { SeenFiles } from './seen.ts'

interface Change {
  readonly old: string | null
  next: { readonly hash: string; readonly staged: string } | null
}

/**
 * The files of one attempt. Reads see the tree as it is on disk; writes, moves and removals are composed into one final
 * change per path: what a later call does to a path starts from what the earlier ones made of it. A moved file is pinned
 * by a hard link in the attempt's folder, so that no order of putting things in place can lose it.
 */
export class DeferredFiles implements Files {
  readonly #root: string
  readonly #stages: Stages
  readonly #plan: StagedFor
  readonly #changes = new Map<string, Change>()
  readonly #seen = new SeenFiles()
  #folder: Promise<string> | undefined
  #count = 0

  constructor(root: string, stages: Stages, plan: StagedFor) {
    this.#root = root
    this.#stages = stages
    this.#plan = plan
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await locate(this.#root, path)
    const kind = await kindAt(file)
    const bytes = kind === 'other' ? null : await this.#seen.read(path, file)
    if (bytes) return bytes
    throw missing(path, 'read')
  }

  list(prefix = ''): AsyncIterable<string> {
    return filesBelow(this.#root, '', prefix)
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const change = await this.#change(path)
    const staged = String(this.#count++)
    await writeNew(join(await this.#made(), staged), bytes)
    change.next = { hash: sha256(bytes), staged }
  }

  async move(from: string, to: string): Promise<void> {
    if (from === to) return
    const source = await this.#change(from)
    const target = await this.#change(to)
    if (target.next !== null)
      throw new MigrationError('MIG_R0233', `${to} exists: ${from} cannot be moved there.`, {
        next: 'move or remove what is there first',
      })
    if (source.next === null) throw missing(from, 'move')
    target.next = await this.#pinned(from, source.next)
    source.next = null
  }

  async remove(path: string): Promise<void> {
    const change = await this.#change(path)
    if (change.next === null) throw missing(path, 'remove')
    change.next = null
  }

  /**
   * Makes all changes durable. `null`: there are none.
   *
   * @throws MigrationError `MIG_R0231` where somebody else has changed one of the files: once it is committed, people would
   * have to settle it. `MIG_R0233` where a path would be a file and a folder
   */
  async prepare(): Promise<Json> {
    await this.#assertFolders()
    const items: RedoItem[] = []
    for (const [path, { old, next }] of this.#changes) {
      if (old === (next?.hash ?? null)) continue
      await this.#seen.assertSame(path, await locate(this.#root, path))
      if (next) await syncFile(join(await this.#made(), next.staged))
      items.push({ path, old, next: next?.hash ?? null, staged: next?.staged ?? null })
    }
    if (items.length === 0) {
      await this.discard()
      return null
    }
    await this.#made()
    return this.#stages.prepare(this.#plan.attempt, items)
  }

  async discard(): Promise<void> {
    if (this.#folder) await this.#stages.discard(this.#plan.attempt)
  }

  /** What has been written lies in folders: none of them is a file, and stays one. */
  async #assertFolders(): Promise<void> {
    const inside = new Map<string, string>()
    for (const [path, { next }] of this.#changes)
      if (next) for (const folder of foldersOf(path)) inside.set(folder, path)
    for (const [folder, path] of inside) {
      const { old, next } = this.#changes.get(folder) ?? { old: null, next: null }
      if (next !== null || (old === null && (await isInTheWay(join(this.#root, folder)))))
        throw new MigrationError('MIG_R0233', `${folder} is no folder: ${path} cannot be put there.`, {
          next: 'move or remove what is there in the same migration, or use another path',
        })
    }
  }

  /** What becomes of a path; at first, what was there when it was first looked at. */
  async #change(path: string): Promise<Change> {
    const file = await locate(this.#root, path)
    const known = this.#changes.get(path)
    if (known) return known
    const kind = await kindAt(file)
    if (kind === 'other') throw missing(path, 'change')
    await this.#seen.read(path, file)
    const old = this.#seen.hashOf(path)
    const change: Change = { old, next: old === null ? null : { hash: old, staged: '' } }
    const raced = this.#changes.get(path)
    if (raced) return raced
    this.#changes.set(path, change)
    return change
  }

  /** The content of `path` in the attempt's folder. */
  async #pinned(path: string, content: NonNullable<Change['next']>): Promise<NonNullable<Change['next']>> {
    if (content.staged !== '') return content
    const staged = String(this.#count++)
    await link(await locate(this.#root, path), join(await this.#made(), staged))
    return { hash: content.hash, staged }
  }

  #made(): Promise<string> {
    this.#folder ??= this.#stages.create(this.#plan)
    return this.#folder
  }
}

async function* filesBelow(root: string, folder: string, prefix: string): AsyncIterable<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (path === BOOKS) continue
    const below = `${path}/`
    if (entry.isFile() && path.startsWith(prefix)) yield path
    if (entry.isDirectory() && (below.startsWith(prefix) || prefix.startsWith(below)))
      yield* filesBelow(root, path, prefix)
  }
}

function missing(path: string, what: string): MigrationError {
  return new MigrationError('MIG_R0233', `There is no file ${path} to ${what}.`, {
    next: 'list the storage before, and handle what is missing',
  })
}
