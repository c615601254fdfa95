import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Direct, Perform, Session, Statement } from '../runtime/adapter.ts'
import type { Sql } from '../runtime/handles.ts'
import type { Play, Scene } from './adapter-case.ts'
import type { Opened } from './fixture.ts'
import { entriesOf, entryAt } from './log-entries.ts'
import { effectsIn, traceOf } from './trace.ts'
import { withGenesis } from './transaction-cases.ts'

interface Locked {
  readonly opened: Opened
  readonly session: Required<Session>
  readonly direct: Direct
}

async function locked(scene: Scene, key: string): Promise<Locked> {
  const opened = await withGenesis(scene, key)
  const session = (await scene.session(opened.adapter)) as Required<Session>
  while (!(await session.tryLock())) await delay(5)
  return { opened, session, direct: session.direct() }
}

const all: Perform = (_, execute) => execute()

function leave({ opened, direct }: Locked, effect: string, perform = all): Promise<void> {
  const trace = traceOf(opened)
  return trace.leave(
    direct.handle(trace.kind, perform, () => {}),
    effect,
  )
}

const up = (serial: number, id: string) => entryAt(serial, { kind: 'up', id, generation: 1, data: { ms: 0, redo: [] } })

/** As somebody sees it who connects when the lock is free. */
async function afterwards(scene: Scene, key: string, { session }: Locked): Promise<Opened> {
  await session.unlock()
  return scene.open(key)
}

/** For adapters whose sessions have `direct`: statements run one at a time. */
export const DIRECT_CASES: Readonly<Record<string, Play>> = {
  async 'direct: what a transaction did is there after commit, with its entry, and not after rollback'(scene) {
    const key = scene.key()
    const held = await locked(scene, key)
    const { direct } = held
    const entry = up(1, 'testing:kept')
    await direct.begin()
    await leave(held, 'testing:kept')
    assert.equal(await direct.commit([entry]), 'appended')
    await direct.begin()
    await leave(held, 'testing:lost')
    await direct.rollback()
    await direct.rollback()
    // Where it was still open, this one would commit it.
    await direct.begin()
    assert.equal(await direct.commit([]), 'appended')
    const read = []
    for await (const one of direct.read(0)) read.push(one)
    assert.deepEqual(read, [entry])
    const other = await afterwards(scene, key, held)
    assert.deepEqual(await effectsIn(other), ['testing:kept'])
    assert.deepEqual(await entriesOf(other.adapter, 0), [entry])
  },

  async 'direct: where a serial is taken nothing is committed, and a gap is refused'(scene) {
    const key = scene.key()
    const held = await locked(scene, key)
    const { direct } = held
    const first = entryAt(1)
    await direct.begin()
    await direct.rollback()
    assert.equal(await direct.append([first]), 'appended')
    assert.equal(await direct.append([entryAt(1)]), 'taken')
    await assert.rejects(direct.append([entryAt(5)]), /gap/)
    await direct.begin()
    await leave(held, 'testing:late')
    assert.equal(await direct.commit([up(1, 'testing:late')]), 'taken')
    await direct.rollback()
    const other = await afterwards(scene, key, held)
    assert.deepEqual(await effectsIn(other), [])
    assert.deepEqual(await entriesOf(other.adapter, 0), [first])
  },

  async 'direct: others do not write to the log while its lock is held, and a connection without it neither'(scene) {
    const key = scene.key()
    const { session, direct } = await locked(scene, key)
    const { adapter } = await scene.open(key)
    await assert.rejects(adapter.log.append([entryAt(1)]), (error) => adapter.classify(error) === 'retry')
    assert.equal(await session.unlock(), true)
    await assert.rejects(direct.append([entryAt(1)]), (error) => Object(error).code === 'MIG_R0271')
    assert.deepEqual(await entriesOf(adapter, 0), [])
  },

  async 'direct: every statement that changes something is told of, and has its effect when it is carried out'(scene) {
    const key = scene.key()
    const held = await locked(scene, key)
    const { opened, direct } = held
    await direct.begin()
    await leave(held, 'testing:kept')
    const told: Statement[] = []
    await leave(held, 'testing:left out', async (statement) => void told.push(statement))
    assert.deepEqual(
      told.map(({ effect, line }) => ({ effect, line })),
      [{ effect: 'data', line: 1 }],
    )
    assert.ok(!told[0]?.shown.includes('testing:'), 'what is shown has the values')
    if (traceOf(opened).kind === 'sql') await assertReadsOnly(direct)
    assert.equal(await direct.commit([up(1, 'testing:kept')]), 'appended')
    assert.deepEqual(await effectsIn(await afterwards(scene, key, held)), ['testing:kept'])
  },
}

/** Of SQL. */
async function assertReadsOnly(direct: Direct): Promise<void> {
  const db = direct.handle('sql', all, () => {}) as Sql
  await assert.rejects(
    db.rows`delete from effects where id = ${'testing:kept'}`,
    (error) => Object(error).code === 'MIG_R0274',
  )
  const [first] = await db.rows<{ readonly n: unknown }>`select count(*) as n from effects`
  assert.equal(Number(first?.n), 1)
  assert.equal(direct.isAnswer(new Error('of nobody')), false)
}

/** Where a definition ends the transaction that it is in. */
export const ENDED_TRANSACTION_CASES: Readonly<Record<string, Play>> = {
  async 'direct: a transaction that one of its statements has ended is not taken for a whole one'(scene) {
    const key = scene.key()
    const held = await locked(scene, key)
    const { direct } = held
    await direct.begin()
    const db = direct.handle('sql', all, () => {}) as Sql
    await db.script('create table ended (n integer)')
    await assert.rejects(direct.commit([up(1, 'testing:ended')]), (error) => Object(error).code === 'MIG_R0212')
    await direct.rollback()
    await assert.rejects(db.script('insert into nowhere (n) values (1)'), (error: unknown) => direct.isAnswer(error))
    assert.deepEqual(await entriesOf((await afterwards(scene, key, held)).adapter, 0), [])
  },
}
