import assert from 'node:assert/strict'
import { migrate } from '../runtime/migrate.ts'
import type { Session, Transaction } from '../runtime/adapter.ts'
import type { Play } from './adapter-case.ts'
import type { Opened } from './fixture.ts'
import { type Holds, killedAtEach, migratedAtOnce } from './killed-at-each.ts'
import { entriesOf, patiently } from './log-entries.ts'
import { IDS, manifestFor, optionsFor } from './manifest.ts'
import { traceOf } from './trace.ts'

const FINAL = { data: null, satisfied: [], open: 0, targets: [] }

async function begun({ adapter }: Opened, session: Session): Promise<Transaction> {
  const transaction = await patiently(adapter, async () => session.begin?.(null))
  assert.ok(transaction && transaction !== 'taken', 'unrecorded, but its sessions begin no unit without an entry')
  return transaction
}

async function effectsOf(opened: Opened): Promise<readonly string[]> {
  const { kind, read } = traceOf(opened)
  const session = await opened.adapter.open()
  try {
    const transaction = await begun(opened, session)
    return await read(transaction.handle(kind)).finally(() => transaction.rollback())
  } finally {
    await session.close()
  }
}

/** For adapters whose capabilities say `unrecorded`. */
export const UNRECORDED_CASES: Readonly<Record<string, Play>> = {
  async 'unrecorded: the effect is there after commit and not after rollback, and no log is made'(scene) {
    const key = scene.key()
    const opened = await scene.open(key)
    const { kind, leave } = traceOf(opened)
    const session = await scene.session(opened.adapter)
    const kept = await begun(opened, session)
    await leave(kept.handle(kind), 'testing:kept')
    await kept.commit(FINAL)
    const lost = await begun(opened, session)
    await leave(lost.handle(kind), 'testing:lost')
    await lost.rollback()
    await lost.rollback()
    const other = await scene.open(key)
    assert.deepEqual(await effectsOf(other), ['testing:kept'])
    assert.equal(await other.adapter.log.head(), null)
    assert.deepEqual(await entriesOf(other.adapter), [])
  },

  async 'unrecorded: several processes at once migrate to each effect once, by their probes'(scene) {
    const key = scene.key()
    assert.deepEqual(await migratedAtOnce(scene, key, 'unrecorded'), IDS)
    await assertMigrated(await scene.open(key), scene)
  },
}

/** The same, where processes can be killed. */
export const KILLED_UNRECORDED_CASES: Readonly<Record<string, Play>> = {
  'unrecorded: killed before its calls, each in turn, and followed by another, leaves each effect once': (scene) =>
    killedAtEach(scene, 'before', 'unrecorded', assertBegins, assertMigrated),

  'unrecorded: killed after its calls, each in turn, and followed by another, leaves each effect once': (scene) =>
    killedAtEach(scene, 'after', 'unrecorded', assertBegins, assertMigrated),
}

/** In their order, as far as the process came. */
const assertBegins: Holds = async (opened) => {
  const effects = await effectsOf(opened)
  assert.deepEqual(effects, IDS.slice(0, effects.length))
}

const assertMigrated: Holds = async (opened, { wait }) => {
  const { applied } = await migrate(manifestFor(opened, 'unrecorded'), optionsFor(opened, wait, 'unrecorded'))
  assert.deepEqual(applied, [], 'a run after the last one has found work')
  assert.deepEqual(await effectsOf(opened), IDS)
  assert.equal(await opened.adapter.log.head(), null)
}
