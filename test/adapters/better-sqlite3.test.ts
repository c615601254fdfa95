import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { type OpenDatabase, testBigints, testSqlite } from './sqlite.ts'
import { testSqliteScripts } from './sqlite-scripts.ts'

const open: OpenDatabase = (file, { readOnly = false, bigints = false } = {}) => {
  const database = new Database(file, { readonly: readOnly })
  database.defaultSafeIntegers(bigints)
  return {
    raw: database,
    adapter: (options) => betterSqlite3(database, options),
    rows: (text) => database.prepare(text).safeIntegers().all(),
  }
}

testSqlite('better-sqlite3', open)
testSqliteScripts('better-sqlite3', open)
testBigints('better-sqlite3', open)
