import type { Entry, EntryKind } from './entry.ts'

/** What the data of an entry must hold, by its kind. */
const DATA: ReadonlyMap<string, (data: Readonly<Record<string, unknown>>) => boolean> = new Map<
  EntryKind,
  (data: Readonly<Record<string, unknown>>) => boolean
>([
  ['genesis', ({ lineage }) => isText(lineage)],
  ['up', isChange],
  ['down', isChange],
  ['mark', ({ applied }) => typeof applied === 'boolean'],
  ['intent', isPlace],
  ['settled', isPlace],
  ['checked', () => true],
])

/**
 * Whether a value that was read from a storage is an entry. The data may be anything where it is not completed, or of a
 * kind that a newer version wrote.
 */
export function isEntry(value: unknown): value is Entry {
  const { serial, kind, id, target, generation, hash, attempt, done, satisfied, open, targets, data, at } =
    fieldsOf(value)
  return (
    [kind, target, attempt, at].every(isText) &&
    [id, hash].every(isOptionalText) &&
    [serial, generation, open].every(isCount) &&
    typeof done === 'boolean' &&
    isList(satisfied, isText) &&
    isList(targets, (seen) => isText(fieldsOf(seen)['target'])) &&
    data !== undefined &&
    (!done || DATA.get(String(kind))?.(fieldsOf(data)) !== false)
  )
}

function isChange({ ms, redo }: Readonly<Record<string, unknown>>): boolean {
  return typeof ms === 'number' && isList(redo, (part) => isText(fieldsOf(part)['target']))
}

function isPlace({ target, serial }: Readonly<Record<string, unknown>>): boolean {
  return isText(target) && isCount(serial)
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
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
