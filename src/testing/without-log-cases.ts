import assert from 'node:assert/strict'
import { leaseIn } from '../runtime/lease/record.ts'
import { migrate } from '../runtime/migrate.ts'
import type { Play } from './adapter-case.ts'
import { type Opened, lenderOf } from './fixture.ts'
import { type Holds, killedAtEach, migratedAtOnce } from './killed-at-each.ts'
import { entriesOf } from './log-entries.ts'
import { IDS, manifestFor, optionsFor } from './manifest.ts'
import { effectsIn, traceOf } from './trace.ts'

/** For adapters whose capabilities say `none`. What they are not asked for is to leave an effect once. */
export const WITHOUT_LOG_CASES: Readonly<Record<string, Play>> = {
  async 'none: has no log, is no state store, and its fixture names one with a lease'(scene) {
    const opened = await scene.open(scene.key())
    assert.deepEqual([opened.adapter.log, opened.adapter.state], [null, null])
    assert.ok(opened.adapter.strategy, 'the adapter brings no strategy: `withoutLog`')
    assert.ok(lenderOf(opened), 'the state store of the fixture has no lease')
    assert.deepEqual(await effectsIn(opened), [])
  },

  async 'none: what is done through a handle is there at once, for others too'(scene) {
    const key = scene.key()
    const opened = await scene.open(key)
    const { kind, leave } = traceOf(opened)
    const session = await scene.session(opened.adapter)
    assert.equal(typeof session.handle, 'function', 'its sessions have no handle')
    await leave(session.handle?.(kind), 'one')
    assert.deepEqual(await effectsIn(await scene.open(key)), ['one'])
  },

  async 'none: of several processes at once one has the lease, and does all the work'(scene) {
    const key = scene.key()
    assert.deepEqual(await migratedAtOnce(scene, key, 'elsewhere'), IDS)
    const opened = await scene.open(key)
    assert.deepEqual(await effectsIn(opened), IDS)
    await assertMigrated(opened, scene)
  },
}

/** The same, where processes can be killed. */
export const KILLED_WITHOUT_LOG_CASES: Readonly<Record<string, Play>> = {
  'none: killed before its calls, each in turn, and followed by another, leaves each effect at least once': (scene) =>
    killedAtEach(scene, 'before', 'elsewhere', assertBegins, assertMigrated),

  'none: killed after its calls, each in turn, and followed by another, leaves each effect at least once': (scene) =>
    killedAtEach(scene, 'after', 'elsewhere', assertBegins, assertMigrated),
}

/** An entry never without its effect. What follows does not wait for the dead. */
const assertBegins: Holds = async (opened) => {
  const effects = await effectsIn(opened)
  for (const id of await committedIn(opened)) assert.ok(effects.includes(id), `${id} is not there`)
  await freeLease(opened)
}

async function freeLease(opened: Opened): Promise<void> {
  const lease = lenderOf(opened)?.lease
  const text = (await lease?.get()) ?? null
  if (text !== null) await lease?.swap(text, JSON.stringify({ ...leaseIn(text), nonce: null }))
}

async function committedIn({ state }: Opened): Promise<readonly string[]> {
  const entries = state ? await entriesOf(state) : []
  return entries.flatMap(({ kind, id }) => (kind === 'up' && id !== null ? [id] : []))
}

const assertMigrated: Holds = async (opened, { wait }) => {
  const { applied } = await migrate(manifestFor(opened, 'elsewhere'), optionsFor(opened, wait, 'elsewhere'))
  assert.deepEqual(applied, [], 'a run after the last one has found work')
  const effects = await effectsIn(opened)
  // Each again where its end was not written down, and none after what follows it has begun.
  assert.deepEqual([...new Set(effects)], IDS)
  assert.ok(effects.lastIndexOf(IDS[0] ?? '') < effects.indexOf(IDS[1] ?? ''), `in another order: ${effects.join()}`)
  assert.deepEqual(await committedIn(opened), IDS)
}
