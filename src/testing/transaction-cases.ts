import assert from 'node:assert/strict'
import type { Transaction } from '../runtime/adapter.ts'
import type { Play, Scene } from './adapter-case.ts'
import type { Opened } from './fixture.ts'
import { appendPatiently, entriesOf, entryAt, unitEntry } from './log-entries.ts'
import { effectsIn, traceOf } from './trace.ts'

const FINAL = { data: { ms: 5, redo: [] }, satisfied: ['0'.repeat(32)], open: 0, targets: [] }

/** With a log that has begun. */
export async function withGenesis(scene: Scene, key: string): Promise<Opened> {
  const opened = await scene.open(key)
  assert.equal(await appendPatiently(opened.adapter, entryAt(0)), 'appended')
  return opened
}

/** @param end of the unit. Then the session is over: what it holds is for others to take */
async function begun(
  scene: Scene,
  opened: Opened,
  effect: string,
  end: (transaction: Transaction) => Promise<unknown>,
): Promise<void> {
  const session = await scene.session(opened.adapter)
  const transaction = await session.begin?.({ ...(await unitEntry(opened.adapter, effect)), done: false })
  assert.ok(transaction && transaction !== 'taken')
  await traceOf(opened).leave(transaction.handle(traceOf(opened).kind), effect)
  await end(transaction)
  await scene.close(session)
}

/** For adapters whose sessions `begin` a unit. */
export const TRANSACTION_CASES: Readonly<Record<string, Play>> = {
  async 'begin: effect and entry are there after commit, the entry completed'(scene) {
    const key = scene.key()
    const opened = await withGenesis(scene, key)
    await begun(scene, opened, 'testing:kept', (transaction) => transaction.commit(FINAL))
    const other = await scene.open(key)
    assert.deepEqual(await effectsIn(other), ['testing:kept'])
    const [entry, ...more] = await entriesOf(other.adapter, 0)
    assert.deepEqual(more, [])
    assert.deepEqual(
      { id: entry?.id, serial: entry?.serial, done: entry?.done },
      { id: 'testing:kept', serial: 1, done: true },
    )
    assert.deepEqual(
      { data: entry?.data, satisfied: entry?.satisfied },
      { data: FINAL.data, satisfied: FINAL.satisfied },
    )
  },

  async 'begin: neither effect nor entry is there after rollback, which may be called again'(scene) {
    const key = scene.key()
    const opened = await withGenesis(scene, key)
    await begun(scene, opened, 'testing:lost', async (transaction) => {
      await transaction.rollback()
      await transaction.rollback()
    })
    const other = await scene.open(key)
    assert.deepEqual(await effectsIn(other), [])
    assert.deepEqual(await entriesOf(other.adapter, 0), [])
  },

  async 'begin: a serial that is taken is refused, at the latest by commit, and nothing is left'(scene) {
    const key = scene.key()
    const opened = await withGenesis(scene, key)
    const entry = { ...(await unitEntry(opened.adapter, 'testing:late')), done: false }
    assert.equal(await appendPatiently((await scene.open(key)).adapter, entryAt(1)), 'appended')
    const session = await scene.session(opened.adapter)
    const transaction = await session.begin?.(entry)
    assert.ok(transaction)
    if (transaction !== 'taken') {
      await traceOf(opened).leave(transaction.handle(traceOf(opened).kind), 'testing:late')
      assert.equal(await transaction.commit(FINAL), 'taken')
      await transaction.rollback()
    }
    await scene.close(session)
    const other = await scene.open(key)
    assert.deepEqual(await effectsIn(other), [])
    assert.deepEqual(
      (await entriesOf(other.adapter)).map(({ kind }) => kind),
      ['genesis', 'checked'],
    )
  },
}
