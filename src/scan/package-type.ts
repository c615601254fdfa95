import { existsSync } from 'node:fs'
import { isInside } from './paths.ts'
import { readPackageJson, textOf } from './package-json.ts'

/** Answers the `type` that Node reads for a file: that of the nearest package.json, up to the root of its package. */
export class PackageTypes {
  readonly #known = new Map<string, string | undefined>()

  /** @throws what reading a package.json throws */
  of(file: string, root: string): string | undefined {
    const folder = file.slice(0, file.lastIndexOf('/'))
    if (this.#known.has(folder)) return this.#known.get(folder)
    const here = existsSync(`${folder}/package.json`)
    const above = !here && isInside(folder, root)
    const type = here ? textOf(readPackageJson(folder), 'type') : above ? this.of(folder, root) : undefined
    this.#known.set(folder, type)
    return type
  }
}
