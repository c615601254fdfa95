import assert from 'node:assert/strict'
import { migrate } from '../runtime/migrate.ts'
import type { Play } from './adapter-case.ts'
import { type Holds, killedAtEach, migratedAtOnce } from './killed-at-each.ts'
import type { Opened } from './fixture.ts'
import { entriesOf } from './log-entries.ts'
import { IDS, manifestFor, optionsFor } from './manifest.ts'
import { effectsIn } from './trace.ts'

/** For adapters whose log can commit a migration. */
export const RUN_CASES: Readonly<Record<string, Play>> = {
  'run: several processes at once migrate to each effect once': async (scene) => {
    const key = scene.key()
    assert.deepEqual(await migratedAtOnce(scene, key, 'logged'), IDS)
    await assertMigrated(await scene.open(key), scene)
  },
}

/** The same, where processes can be killed. */
export const KILLED_RUN_CASES: Readonly<Record<string, Play>> = {
  'run: killed before its calls, each in turn, and followed by another, leaves each effect once': (scene) =>
    killedAtEach(scene, 'before', 'logged', assertBothOrNone, assertMigrated),

  'run: killed after its calls, each in turn, and followed by another, leaves each effect once': (scene) =>
    killedAtEach(scene, 'after', 'logged', assertBothOrNone, assertMigrated),
}

/** An effect never without its entry; an entry without its effect only where writes are deferred and not settled yet. */
async function assertBothOrNone(opened: Opened): Promise<void> {
  const { adapter } = opened
  const effects = await effectsIn(opened)
  const committed = await committedIn(opened)
  const isSettled = !adapter.capabilities.deferred
  if (isSettled) assert.deepEqual(effects, committed, 'effects and entries are not the same')
  else assert.deepEqual(effects, committed.slice(0, effects.length), 'an effect is there without its entry')
}

async function committedIn({ adapter }: Opened): Promise<readonly (string | null)[]> {
  const entries = await entriesOf(adapter)
  assert.deepEqual(
    entries.filter(({ done }) => !done),
    [],
    'an entry was committed that is not done',
  )
  return entries.flatMap(({ kind, id }) => (kind === 'up' ? [id] : []))
}

const assertMigrated: Holds = async (opened, { wait }) => {
  const { applied } = await migrate(manifestFor(opened, 'logged'), optionsFor(opened, wait, 'logged'))
  assert.deepEqual(applied, [], 'a run after the last one has found work')
  assert.deepEqual(await effectsIn(opened), IDS)
  assert.deepEqual(await committedIn(opened), IDS)
}
