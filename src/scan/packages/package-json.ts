import { constants, readFileSync } from 'node:fs'
import { isAbsent } from '../paths.ts'
import type { SourceText } from '../report/position.ts'
import { offsetInJson } from './json-offset.ts'

/** A package.json as data. Keys are read as own properties, never by name from its objects' prototypes. */
export interface PackageJson {
  readonly source: SourceText
  readonly fields: Fields
}

export type Fields = Pick<ReadonlyMap<string, unknown>, 'get' | 'has' | 'keys'>

/** As a `Map` of its own properties, without the time to make one. */
class OwnProperties implements Fields {
  readonly #object: object

  constructor(object: object) {
    this.#object = object
  }

  get(name: string): unknown {
    return this.has(name) ? (this.#object as Readonly<Record<string, unknown>>)[name] : undefined
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name)
  }

  keys(): MapIterator<string> {
    return new Map(Object.entries(this.#object)).keys()
  }
}

/** @throws SyntaxError when it is not a JSON object, and what reading throws */
export function readPackageJson(folder: string): PackageJson {
  const file = `${folder}/package.json`
  const text = readText(file)
  const json: unknown = JSON.parse(text)
  if (!isPlain(json)) throw new SyntaxError('it is not a JSON object')
  return { source: { file, text }, fields: new OwnProperties(json) }
}

/** Reads each package.json once: whoever asks whether it is there and has not seen it takes it next. */
export class PackageJsons {
  readonly #known = new Map<string, boolean>()
  #last: { readonly folder: string; readonly read: PackageJson | Error } | undefined

  /** Whether a folder holds one, readable or not. */
  isPackage(folder: string): boolean {
    const known = this.#known.get(folder)
    if (known !== undefined) return known
    const read = readOrError(folder)
    this.#known.set(folder, read !== 'absent')
    if (read === 'absent') return false
    this.#last = { folder, read }
    return true
  }

  /** @throws as `readPackageJson` */
  take(folder: string): PackageJson {
    if (this.#last?.folder !== folder) return readPackageJson(folder)
    const { read } = this.#last
    if (read instanceof Error) throw read
    return read
  }
}

function readOrError(folder: string): PackageJson | Error | 'absent' {
  try {
    return readPackageJson(folder)
  } catch (error) {
    if (isAbsent(error)) return 'absent'
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** A file whose text is seldom asked for: it is read then. */
export class LazySource implements SourceText {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  get text(): string {
    try {
      return readText(this.file)
    } catch {
      // It only shows where a problem is: what was read is told in words.
      return ''
    }
  }
}

/**
 * A pipe into which nobody writes is empty then: otherwise to open it would wait for ever. Windows has no such thing. Node
 * takes numbers wherever it takes names of flags, what its types do not say here.
 */
const AT_ONCE = (constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) as unknown as string
const READING = { encoding: 'utf8', flag: AT_ONCE } as const

function readText(file: string): string {
  const text = readFileSync(file, READING)
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

export function textOf(json: PackageJson, field: string): string | undefined {
  const value = json.fields.get(field)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Names of a map of dependencies, in the order of the file. */
export function namesIn(json: PackageJson, field: string): readonly string[] {
  const value = json.fields.get(field)
  return isPlain(value) ? Object.keys(value) : []
}

/** The own entries of a plain object; `undefined` for anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return isPlain(value) ? Object.entries(value) : undefined
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where the value at a path of keys stands, for a frame; the nearest one above it that is there. */
export function offsetOf(json: PackageJson, ...keys: readonly string[]): number {
  return offsetInJson(json.source.text, keys)
}
