import type { Draft } from '../draft.ts'

/** An id as a migration of the same package writes it in `parents`. */
export function withoutPackage(id: string, { carrier }: Draft): string {
  return id.startsWith(`${carrier.identity}:`) ? id.slice(carrier.identity.length + 1) : id
}
