import type { NodeSqliteDatabase } from '../../src/adapters/node-sqlite.ts'

/** What the tests use of node:sqlite: the types of the oldest Node that we support do not know it. */
export interface DatabaseSync extends NodeSqliteDatabase {
  prepare(text: string): ReturnType<NodeSqliteDatabase['prepare']> & { setReadBigInts(enabled: boolean): void }
  close(): void
}

export interface DatabaseSyncOptions {
  readonly readOnly?: boolean
  readonly timeout?: number
  readonly enableForeignKeyConstraints?: boolean
  /** Since Node 22.18 and 24.4; ignored before. */
  readonly readBigInts?: boolean
  readonly returnArrays?: boolean
}

interface NodeSqlite {
  readonly DatabaseSync: new (file: string, options?: DatabaseSyncOptions) => DatabaseSync
}

/** `undefined` where this Node does not have it. */
export const nodeSqliteModule: NodeSqlite | undefined = process.getBuiltinModule('node:sqlite') as
  | NodeSqlite
  | undefined
