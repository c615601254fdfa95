import type { Applied, MigrationEvent, Result } from 'unplugin-migrations/runtime'

/** A line that an instance of the shop writes to stdout. */
export type InstanceLine =
  | MigrationEvent
  | { readonly type: 'migrated'; readonly outcome: Result['outcome']; readonly applied: readonly Applied[] }
  | { readonly type: 'stopped' | 'connection-lost'; readonly message: string }
  | { readonly type: 'answer'; readonly response: Answer }

export interface Answer {
  readonly statusCode: number
  readonly body: string
  readonly isBase64Encoded?: boolean
}
