/** Reads a value of unknown shape, in place: what was parsed is nobody else's. Throws a `Mismatch`. */
export type Reader<T> = (value: unknown) => T

/** Data that is not of the shape that was expected. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
}

export const text: Reader<string> = (value) => {
  if (typeof value !== 'string') throw new Mismatch('not a text')
  return value
}

/** Zero or more. */
export const count: Reader<number> = (value) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Mismatch('not a count')
  return value
}

export const truth: Reader<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Mismatch('neither true nor false')
  return value
}

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Mismatch('not a list')
    for (let index = 0; index < value.length; index++) value[index] = item(value[index])
    return value
  }
}

/** A list with one value for each reader. */
export function tuple<T extends readonly unknown[]>(...items: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== items.length) throw new Mismatch('not as many values')
    for (let index = 0; index < items.length; index++) value[index] = items[index]?.(value[index])
    return value as unknown as T
  }
}

/** `null` stands for nothing. */
export function optional<T>(item: Reader<T>): Reader<T | undefined> {
  return (value) => (value === null ? undefined : item(value))
}

export function oneOf<T extends string>(...values: readonly T[]): Reader<T> {
  return (value) => {
    const found = values.find((each) => each === value)
    if (found === undefined) throw new Mismatch(`not one of ${values.join(', ')}`)
    return found
  }
}

export function matching(pattern: RegExp): Reader<string> {
  return (value) => {
    if (!pattern.test(text(value))) throw new Mismatch(`not like ${pattern}`)
    return text(value)
  }
}

/** @returns `undefined` for data of another shape */
export function readAs<T>(reader: Reader<T>, value: unknown): T | undefined {
  try {
    return reader(value)
  } catch (error) {
    if (error instanceof Mismatch) return undefined
    throw error
  }
}
