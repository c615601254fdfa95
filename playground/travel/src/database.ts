import type { Query } from '@acme/images'
import type { Adapter } from 'unplugin-migrations/runtime'

/** A database that the site uses: one client for its migrations and its pages. */
export interface SiteDatabase {
  readonly adapter: Adapter<'sql'>
  readonly query: Query
  close(): Promise<void>
}
