import type { Id } from '../../graph/manifest.ts'

/** What the cell of a lease holds, as JSON. */
export interface LeaseRecord {
  /** Counts those who have had it, from 1. */
  readonly token: number
  /** Another one for each sign of life; `null`: given back. */
  readonly nonce: string | null
  /** Milliseconds. Without a sign of life for one and a half times as long, by the clock of whoever waits, it is free. */
  readonly ttl: number
  /** What its holder works on: UUIDs of storages. Whoever works on none of them has no reason to wait. */
  readonly targets: readonly unknown[]
  /** For people, never compared: what its holder began with, and when. */
  readonly id: Id | null
  readonly at: string
}

/** What cannot be understood is nobody's: nothing is safe because of a lease. */
export function leaseIn(text: string | null): LeaseRecord {
  const { token, nonce, ttl, targets, id, at } = parsed(text)
  return {
    token: Number.isSafeInteger(token) ? Number(token) : 0,
    nonce: typeof nonce === 'string' && typeof ttl === 'number' ? nonce : null,
    ttl: Number(ttl),
    targets: Array.isArray(targets) ? targets : [],
    id: typeof id === 'string' ? id : null,
    at: String(at),
  }
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text ?? 'null')) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

/** Whose it is, for people. */
export function describe({ token, id, at }: LeaseRecord): string {
  return `leased with the token ${token} by a run that began with ${id} at ${at}`
}
