import type { SqliteConnection } from './connection.ts'

/** What a unit changes of its connection and restores. */
export interface SqliteSettings {
  /** In ms. */
  readonly busyTimeout: number
  readonly foreignKeys: boolean
}

/** The settings as the application made them, read once in a run: each is a statement to prepare. */
export class KnownSettings {
  readonly #connection: SqliteConnection
  #known: SqliteSettings | null = null

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** A run begins: between two of them the connection is the application's. */
  forget(): void {
    this.#known = null
  }

  get(): SqliteSettings {
    this.#known ??= {
      busyTimeout: pragma(this.#connection, 'busy_timeout'),
      foreignKeys: pragma(this.#connection, 'foreign_keys') === 1,
    }
    return this.#known
  }
}

const FULL = 2

/**
 * Whether a commit is on stable storage when it returns (sqlite.org/pragma.html#pragma_synchronous): not without syncs, nor
 * with a journal that is not on the disk, and with a WAL only where each commit syncs it.
 */
export function isDurable(connection: SqliteConnection): boolean {
  const mode = String(valueOf(connection, 'journal_mode'))
  const synchronous = pragma(connection, 'synchronous')
  if (mode === 'wal') return synchronous >= FULL
  return synchronous > 0 && mode !== 'memory' && mode !== 'off'
}

type Pragma = 'busy_timeout' | 'foreign_keys' | 'journal_mode' | 'synchronous'

/** The value of a pragma that holds one number. */
function pragma(connection: SqliteConnection, name: Pragma): number {
  return Number(valueOf(connection, name) ?? 0)
}

function valueOf(connection: SqliteConnection, name: Pragma): unknown {
  return Object.values(connection.all(`PRAGMA ${name}`, [])[0] ?? {})[0]
}
