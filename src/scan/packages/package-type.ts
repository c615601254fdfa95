import { existsSync } from 'node:fs'
import { isInside } from '../paths.ts'
import { UnreadableFile } from '../hash/modules.ts'
import { readPackageJson, textOf } from './package-json.ts'

/** Answers the `type` that Node reads for a file: that of the nearest package.json, up to the root of its package. */
export class PackageTypes {
  readonly #known = new Map<string, string | undefined>()

  /** @throws UnreadableFile */
  of(file: string, root: string): string | undefined {
    const folder = file.slice(0, file.lastIndexOf('/'))
    if (this.#known.has(folder)) return this.#known.get(folder)
    const here = existsSync(`${folder}/package.json`)
    const above = !here && isInside(folder, root)
    const type = here ? typeIn(folder) : above ? this.of(folder, root) : undefined
    this.#known.set(folder, type)
    return type
  }
}

function typeIn(folder: string): string | undefined {
  try {
    return textOf(readPackageJson(folder), 'type')
  } catch (error) {
    throw new UnreadableFile(`${folder}/package.json`, error)
  }
}
