import assert from 'node:assert/strict'
import type { Session } from '../runtime/adapter.ts'
import type { Entry } from '../runtime/entry.ts'
import type { Json } from '../runtime/handles.ts'
import type { Play, Scene } from './adapter-case.ts'
import type { Opened } from './fixture.ts'
import { entryAt } from './log-entries.ts'
import { effectsIn, traceOf } from './trace.ts'

async function sessionOf(scene: Scene, { adapter }: Opened): Promise<Required<Session>> {
  const session = (await scene.session(adapter)) as Required<Session>
  for (const name of ['stage', 'settle', 'staged', 'discard', 'tryLock', 'unlock'] as const)
    assert.equal(typeof session[name], 'function', `deferred, but its sessions have no ${name}`)
  return session
}

const unit = (serial: number): Entry => entryAt(serial, { kind: 'up', id: 'testing:staged', generation: 1 })

async function prepared(opened: Opened, session: Required<Session>, entry: Entry, effect: string): Promise<Json> {
  const { kind, leave, read } = traceOf(opened)
  const staging = await session.stage(entry)
  const before = await read(staging.handle(kind))
  await leave(staging.handle(kind), effect)
  assert.deepEqual(await read(staging.handle(kind)), before, 'what a unit has written it sees itself')
  return staging.prepare()
}

/** For adapters whose capabilities say `deferred`. */
export const DEFERRED_CASES: Readonly<Record<string, Play>> = {
  async 'deferred: staged work is invisible until it is settled, and settling again changes nothing'(scene) {
    const key = scene.key()
    const opened = await scene.open(key)
    const session = await sessionOf(scene, opened)
    const entry = unit(7)
    const redo = await prepared(opened, session, entry, 'one')
    assert.notEqual(redo, null)
    assert.deepEqual(JSON.parse(JSON.stringify(redo)), redo)
    assert.deepEqual(await effectsIn(opened), [])
    assert.equal(await session.tryLock(), true)
    for (const _ of [1, 2]) {
      await session.settle(redo)
      assert.deepEqual(await effectsIn(await scene.open(key)), ['one'])
    }
    await session.discard(entry.attempt)
    await session.unlock()
    assert.deepEqual(await effectsIn(await scene.open(key)), ['one'])
    assert.deepEqual(await session.staged(), [])
  },

  async 'deferred: staged work is listed with the entry that would commit it, and can be dropped twice'(scene) {
    const key = scene.key()
    const opened = await scene.open(key)
    const entry = unit(7)
    await prepared(opened, await sessionOf(scene, opened), entry, 'one')
    const other = await scene.open(key)
    const session = await sessionOf(scene, other)
    const [found, ...more] = await session.staged()
    assert.deepEqual(more, [])
    const { target, serial, attempt } = entry
    assert.deepEqual(
      { target: found?.target, serial: found?.serial, attempt: found?.attempt },
      { target, serial, attempt },
    )
    assert.equal(await session.tryLock(), true)
    await session.discard(attempt)
    await session.discard(attempt)
    await session.unlock()
    assert.deepEqual(await session.staged(), [])
    assert.deepEqual(await effectsIn(other), [])
  },

  async 'deferred: a unit without writes prepares nothing'(scene) {
    const opened = await scene.open(scene.key())
    const session = await sessionOf(scene, opened)
    const { kind, read } = traceOf(opened)
    const staging = await session.stage(unit(7))
    await read(staging.handle(kind))
    assert.equal(await staging.prepare(), null)
    assert.deepEqual(await session.staged(), [])
  },

  async 'deferred: an item that has changed since the migration saw it is refused, and stays'(scene) {
    const opened = await scene.open(scene.key())
    const session = await sessionOf(scene, opened)
    const late = await prepared(opened, session, unit(7), 'late')
    const first = await prepared(opened, session, unit(8), 'first')
    assert.equal(await session.tryLock(), true)
    await session.settle(first)
    await assert.rejects(session.settle(late), (error) => Object(error).code === 'MIG_R0231')
    assert.deepEqual(await effectsIn(opened), ['first'])
    await session.unlock()
  },
}
