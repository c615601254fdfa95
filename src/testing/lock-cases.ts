import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Play } from './adapter-case.ts'

/** For adapters whose sessions have `tryLock`. A process that waits for the lock gives no answer in time, and fails. */
export const LOCK_CASES: Readonly<Record<string, Play>> = {
  async 'lock: of several processes that try at once one gets it, and when it lets go another may'(scene) {
    const processes = await scene.startCrowd(scene.key())
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(processes.map((process) => process.ask({ do: 'lock' })))
      const winners = processes.filter((_, index) => answers[index] === true)
      // None is lawful: two that meet may both step back. Then one that tries alone gets it.
      assert.ok(winners.length <= 1, `${winners.length} processes hold the lock`)
      const [holder = processes[0]] = winners
      assert.ok(holder)
      if (winners.length === 0) assert.equal(await holder.ask({ do: 'lock' }), true)
      for (const other of processes) {
        if (other === holder) continue
        await other.ask({ do: 'unlock' })
        assert.equal(await other.ask({ do: 'lock' }), false, 'a lock was granted that another process holds')
      }
      await holder.ask({ do: 'unlock' })
    }
  },

  async 'lock: belongs to one session, also within a process, until that gives it back or is closed'(scene) {
    const { adapter } = await scene.open(scene.key())
    const [one, two, three] = [await adapter.open(), await adapter.open(), await adapter.open()]
    assert.equal(await one.tryLock?.(), true)
    assert.equal(await two.tryLock?.(), false)
    await two.unlock?.()
    assert.equal(await two.tryLock?.(), false, 'a session has freed what another one holds')
    await one.unlock?.()
    assert.equal(await two.tryLock?.(), true)
    await two.close()
    assert.equal(await three.tryLock?.(), true, 'the lock is still held by a session that is closed')
    for (const session of [one, three]) await session.close()
  },
}

/** The same, where processes can be killed. */
export const KILLED_LOCK_CASES: Readonly<Record<string, Play>> = {
  async 'lock: is free again when the process that holds it is gone'(scene) {
    const key = scene.key()
    const holder = await scene.start(key)
    const other = await scene.start(key)
    assert.equal(await holder.ask({ do: 'lock' }), true)
    assert.equal(await other.ask({ do: 'lock' }), false)
    await holder.kill()
    const rounds = Math.ceil(scene.wait / 50)
    let answer: unknown = false
    for (let round = 0; round < rounds && answer !== true; round++) {
      if (round > 0) await delay(50)
      answer = await other.ask({ do: 'lock' })
    }
    assert.equal(answer, true, 'the lock is still held by a process that is gone')
  },
}
