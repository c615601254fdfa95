// PostgreSQL as the state store of other storages, which is all that its lease is for.
import { pgState } from 'unplugin-migrations/adapters/pg'
import * as postgres from './pg.fixture.mjs'

export async function open(key) {
  const opened = await postgres.open(key)
  return { ...opened, adapter: pgState(opened.adapter.client, { schema: key }) }
}

export const { drop } = postgres
