import type { Entry, SeenTarget } from './entry.ts'

/** Whether a value that was read from a storage has the shape of an entry, but for its data. */
export function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const entry: Readonly<Partial<Record<keyof Entry, unknown>>> = value
  return (
    [entry.kind, entry.target, entry.attempt, entry.at].every(isText) &&
    [entry.id, entry.hash].every(isOptionalText) &&
    [entry.serial, entry.generation, entry.open].every(isCount) &&
    typeof entry.done === 'boolean' &&
    Array.isArray(entry.satisfied) &&
    entry.satisfied.every(isText) &&
    Array.isArray(entry.targets) &&
    entry.targets.every(isSeenTarget) &&
    entry.data !== undefined
  )
}

function isSeenTarget(value: unknown): value is SeenTarget {
  if (typeof value !== 'object' || value === null) return false
  const seen: Readonly<Partial<Record<keyof SeenTarget, unknown>>> = value
  return isText(seen.name) && isText(seen.target) && isCount(seen.serial)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isOptionalText(value: unknown): value is string | null {
  return value === null || isText(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
