import type { Json } from '../../runtime/handles.ts'

/** Equal as JSON: the order of an object's keys does not count. `undefined` is absence. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]))
  }
  const fields = new Map(Object.entries(b))
  const own = Object.entries(a)
  return (
    own.length === fields.size && own.every(([key, value]) => fields.has(key) && isSameJson(value, fields.get(key)))
  )
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
