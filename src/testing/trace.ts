import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '../runtime/adapter.ts'
import type { Files, KeyValue, Sql } from '../runtime/handles.ts'
import type { Opened, Trace } from './fixture.ts'
import { patiently, unitEntry } from './log-entries.ts'

const KNOWN: readonly Trace[] = [
  {
    kind: 'sql',
    async leave(handle, effect) {
      const db = handle as Sql
      // Whoever sends a batch reads before it writes.
      const isThere = (await tablesOf(db)).length > 0
      const [first] = isThere ? await db.rows<{ readonly n: unknown }>`select count(*) as n from effects` : []
      if (!isThere) await db.script('create table effects (n integer, id varchar(100))')
      await db.run`insert into effects (n, id) values (${Number(first?.n ?? 0)}, ${effect})`
    },
    async read(handle) {
      const db = handle as Sql
      if ((await tablesOf(db)).length === 0) return []
      const rows = await db.rows<{ readonly id: string }>`select id from effects order by n`
      return rows.map(({ id }) => id)
    },
  },
  {
    kind: 'kv',
    async leave(handle, effect) {
      const keys = handle as KeyValue
      await keys.set('effects', [...(((await keys.get('effects')) as readonly string[] | undefined) ?? []), effect])
    },
    async read(handle) {
      return ((await (handle as KeyValue).get('effects')) ?? []) as readonly string[]
    },
  },
  {
    kind: 'files',
    async leave(handle, effect) {
      const text = [...(await linesOf(handle as Files)), effect].join('\n')
      await (handle as Files).write('effects.txt', new TextEncoder().encode(text))
    },
    read: (handle) => linesOf(handle as Files),
  },
]

async function tablesOf(db: Sql): Promise<readonly unknown[]> {
  switch (db.dialect) {
    case 'sqlite':
      return db.rows`select name from sqlite_master where name = 'effects'`
    case 'postgres':
      return db.rows`select 1 from information_schema.tables where table_schema = current_schema() and table_name = 'effects'`
    case 'mysql':
      return db.rows`select 1 from information_schema.tables where table_schema = database() and table_name = 'effects'`
  }
}

async function linesOf(tree: Files): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const path of tree.list('effects.txt')) lines.push(new TextDecoder().decode(await tree.read(path)))
  return lines
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
}

export function traceOf({ adapter, trace }: Opened): Trace {
  const found = trace ?? KNOWN.find(({ kind }) => adapter.kinds.includes(kind))
  assert.ok(found, `"open" answers no "trace", and nothing is known of the kinds ${adapter.kinds.join()}.`)
  return found
}

async function readDirectly(
  session: Required<Session>,
  kind: Trace['kind'],
  read: Trace['read'],
): Promise<readonly string[]> {
  while (!(await session.tryLock())) await delay(5)
  const direct = session.direct()
  await direct.begin()
  const performed = direct.handle(
    kind,
    (_, execute) => execute(),
    () => {},
  )
  return read(performed).finally(() => direct.rollback())
}

/** Read in a unit of work that is given up: nothing of it stays. */
export async function effectsIn(opened: Opened): Promise<readonly string[]> {
  const { adapter } = opened
  const { kind, read } = traceOf(opened)
  const session = await adapter.open()
  try {
    if (session.handle) return await read(session.handle(kind))
    return await patiently(adapter, async () => {
      const entry = await unitEntry(adapter, 'testing:reads')
      if (session.stage) {
        const staging = await session.stage(entry)
        return await read(staging.handle(kind)).finally(() => staging.discard())
      }
      // Before there is a log no unit can begin. What is there all the same the next run makes twice.
      if (entry.serial === 0) return []
      if (!session.begin && session.direct) return await readDirectly(session as Required<Session>, kind, read)
      const transaction = await session.begin?.({ ...entry, done: false })
      assert.ok(transaction && transaction !== 'taken', 'The session begins no unit, and stages none.')
      return await read(transaction.handle(kind)).finally(() => transaction.rollback())
    })
  } finally {
    await session.close()
  }
}
