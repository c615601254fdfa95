import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { ScanOptions } from '../options.ts'
import { isFolder } from '../paths.ts'
import { cacheKey } from './key.ts'

/**
 * What a scan found out, kept below the application's `node_modules` for the next one. Where there is no such folder, or
 * where it cannot be written to, nothing is kept. What is read is only a text that somebody wrote: it is compared with
 * the disk, and left out where it is damaged, of another version or made with other options.
 */
export class Cache {
  /** When the scan began, in milliseconds. What changed since may not be what was read. */
  readonly began: number = Date.now()
  readonly root: string
  readonly #key: string
  readonly #modules: string

  /** @param root Real path of the application. */
  constructor(root: string, options: ScanOptions) {
    this.root = root
    this.#key = cacheKey(options)
    this.#modules = `${root}/node_modules`
  }

  /** @returns what `write` was given, as plain data; `undefined` where there is nothing that can be used */
  read(name: string): unknown {
    try {
      const kept: unknown = JSON.parse(readFileSync(this.#file(name), 'utf8'))
      if (!Array.isArray(kept) || kept[0] !== this.#key) return undefined
      return kept[1]
    } catch {
      return undefined
    }
  }

  /** Atomically: another process reads the old text or the new one. */
  write(name: string, value: unknown): void {
    if (!isFolder(this.#modules)) return
    const file = this.#file(name)
    const next = `${file}.${randomUUID()}`
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(next, JSON.stringify([this.#key, value]), { flag: 'wx' })
      renameSync(next, file)
    } catch {
      // Without it the next scan takes longer, and finds the same.
      removeIfThere(next)
    }
  }

  get #folder(): string {
    return `${this.#modules}/.cache/unplugin-migrations`
  }

  #file(name: string): string {
    return `${this.#folder}/${name}.json`
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // The folder that it would be in is none.
  }
}
