import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { betterSqlite3 } from '../../../src/adapters/better-sqlite3.ts'
import { type Place, type StorageCase, coded, freshName } from './storage-case.ts'

async function opened({ file = '' }: Place): Promise<Database.Database> {
  const { default: Driver } = await import('better-sqlite3')
  return new Driver(file)
}

async function using<T>(place: Place, use: (database: Database.Database) => T): Promise<T> {
  const database = await opened(place)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

export const betterSqlite3Case: StorageCase = {
  adapter: 'better-sqlite3',
  kind: 'sql',
  unit: 'transaction',
  reach: 'processes',
  // Begun or failed: the driver answers at once.
  always: ['session.begin'],
  errors: {
    lost: () => coded('SQLITE_IOERR', 'disk I/O error'),
    busy: () => coded('SQLITE_BUSY', 'database is locked'),
    error: () => coded('SQLITE_FULL', 'database or disk is full'),
  },
  create: async ({ folder }) => ({ file: join(folder, `${freshName()}.db`) }),
  async connect(place) {
    const database = await opened(place)
    return { adapter: betterSqlite3(database), end: async () => void database.close() }
  },
  effects: (place) =>
    using(place, (database) => {
      const isThere = database.prepare(`select 1 from sqlite_master where name = 'effects'`).get() !== undefined
      return isThere ? (database.prepare('select id from effects order by n, rowid').pluck().all() as string[]) : []
    }),
  leftovers: (place) =>
    using(place, (database) => {
      database.pragma('busy_timeout = 0')
      try {
        database.exec('begin immediate; rollback')
        return []
      } catch (error) {
        return [`${place['file']}: ${String(error)}`]
      }
    }),
  remove: async ({ file = '' }) => {
    for (const name of [file, `${file}-journal`, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true })
  },
}
