import type { Adapter, Session } from '../../src/runtime/adapter.ts'
import type { Json, KeyValue } from '../../src/runtime/handles.ts'
import { entryAt } from '../../src/testing/log-entries.ts'

export async function openSession(adapter: Adapter<'kv'>): Promise<Required<Session<'kv'>>> {
  return (await adapter.open()) as Required<Session<'kv'>>
}

/** What a migration does before it is committed. */
export async function prepared(
  adapter: Adapter<'kv'>,
  work: (keys: KeyValue) => Promise<unknown>,
): Promise<{ readonly redo: Json; readonly attempt: string }> {
  const entry = entryAt(3, { kind: 'up' })
  const staging = await (await openSession(adapter)).stage(entry)
  await work(staging.handle('kv'))
  return { redo: await staging.prepare(), attempt: entry.attempt }
}

/** A migration from its work to its end. */
export async function apply(adapter: Adapter<'kv'>, work: (keys: KeyValue) => Promise<unknown>): Promise<void> {
  const { redo, attempt } = await prepared(adapter, work)
  const session = await openSession(adapter)
  await session.settle(redo)
  await session.discard(attempt)
}

/** The storage as a migration sees it. */
export async function reading<T>(adapter: Adapter<'kv'>, read: (keys: KeyValue) => Promise<T>): Promise<T> {
  return read((await (await openSession(adapter)).stage(entryAt(3))).handle('kv'))
}

export async function listed(keys: KeyValue, prefix?: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const key of keys.keys(prefix)) found.push(key)
  return found.toSorted()
}
