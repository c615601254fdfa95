import assert from 'node:assert/strict'
import { migrate } from '../runtime/migrate.ts'
import type { Scene } from './adapter-case.ts'
import type { Kill, Recording } from './command.ts'
import type { Opened } from './fixture.ts'
import { manifestFor, optionsFor } from './manifest.ts'

/** Fewer calls than any run of two migrations needs: below that nothing was watched. */
const FEWEST_CALLS: Readonly<Record<Recording, number>> = { logged: 10, elsewhere: 20, unrecorded: 10 }

/** What must hold of a storage. */
export type Holds = (opened: Opened, scene: Scene) => Promise<void>

/**
 * Kills a process at each of its calls in turn, and has another run follow it.
 *
 * @param half what must hold behind the one that was killed
 * @param whole what must hold behind the other one
 */
export async function killedAtEach(
  scene: Scene,
  when: Kill['when'],
  record: Recording,
  half: Holds,
  whole: Holds,
): Promise<void> {
  for (let at = 1; ; at += scene.killEvery) {
    const key = scene.key()
    const process = await scene.start(key)
    const reply = await process.reply({ do: 'migrate', kill: { when, at }, wait: scene.wait, record })
    await process.end()
    const opened = await scene.open(key)
    if (reply.type === 'answered') {
      assert.ok(at > FEWEST_CALLS[record], `fewer than ${at} calls were seen`)
      return whole(opened, scene)
    }
    try {
      await half(opened, scene)
      await migrate(manifestFor(opened, record), optionsFor(opened, scene.wait, record))
      await whole(opened, scene)
    } catch (error) {
      throw new Error(`Killed ${reply.at} (call ${at}): ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
    await opened.close()
  }
}

/** Several clients run the same at once. @returns the ids that each applied */
export async function migratedAtOnce(scene: Scene, key: string, record: Recording): Promise<readonly string[]> {
  const clients = await scene.startCrowd(key)
  const command = { do: 'migrate', kill: null, wait: scene.wait, record } as const
  const applied = await Promise.all(clients.map((client) => client.ask(command)))
  return (applied as readonly (readonly string[])[]).flat().toSorted()
}
