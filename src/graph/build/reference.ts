import type { Id } from '../manifest.ts'

/** What a `dependsOn` names. The package is all before the last colon, since a name holds none. */
export type Reference =
  | { readonly kind: 'migration'; readonly package: string; readonly id: Id }
  | { readonly kind: 'base'; readonly package: string }
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'malformed' }

const BASE = '@base'

export function parseReference(text: string): Reference {
  const colon = text.lastIndexOf(':')
  if (colon > 0 && colon < text.length - 1) return { kind: 'migration', package: text.slice(0, colon), id: text }
  if (colon !== -1 || text === '' || text === BASE) return { kind: 'malformed' }
  if (text.endsWith(BASE)) return { kind: 'base', package: text.slice(0, -BASE.length) }
  return { kind: 'plain', text }
}
