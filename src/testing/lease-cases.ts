import assert from 'node:assert/strict'
import type { Cell } from '../runtime/adapter.ts'
import type { Play } from './adapter-case.ts'
import { type Opened, lenderOf } from './fixture.ts'

function cellOf(opened: Opened): Cell {
  const lender = lenderOf(opened)
  assert.ok(lender, 'neither the adapter nor the state store offers a lease')
  return lender.lease
}

/** For adapters that offer a lease, and those whose fixture's state store does. */
export const LEASE_CASES: Readonly<Record<string, Play>> = {
  async 'lease: is not there before it is first written, and reading creates nothing'(scene) {
    const opened = await scene.open(scene.key())
    const cell = cellOf(opened)
    assert.equal(await cell.get(), null)
    assert.equal((await opened.isUntouched?.()) ?? true, true)
    assert.equal(await cell.swap('a', 'b'), false)
    assert.equal(await cell.get(), null)
  },

  async 'lease: is swapped for exactly what is expected'(scene) {
    const key = scene.key()
    const [one, other] = [cellOf(await scene.open(key)), cellOf(await scene.open(key))]
    const text = `{"a":"ß 'quoted' \\ \u2028 日本"}`
    assert.equal(await one.swap(null, 'first'), true)
    assert.equal(await other.swap(null, 'late'), false)
    assert.equal(await other.get(), 'first')
    assert.equal(await other.swap('First', 'late'), false)
    assert.equal(await other.swap('first', text), true)
    assert.equal(await one.swap('first', 'late'), false)
    assert.equal(await one.get(), text)
    assert.equal(await one.swap(text, 'last'), true)
    assert.deepEqual([await one.get(), await other.get()], ['last', 'last'])
  },

  async 'lease: of several processes that swap it at once at most one does'(scene) {
    const key = scene.key()
    const processes = await scene.startCrowd(key)
    const cell = cellOf(await scene.open(key))
    let current: string | null = null
    for (let round = 0; round < 6; round++) {
      const expected: string | null = current
      const texts = processes.map((_, index) => `${round} ${index}`)
      const answers: readonly unknown[] = await Promise.all(
        processes.map((process, index) => process.ask({ do: 'swap', expected, next: texts[index] ?? '' })),
      )
      const winners: readonly string[] = texts.filter((_, index) => answers[index] === true)
      assert.ok(winners.length <= 1, `${winners.length} processes say that they swapped the same text`)
      // None is lawful: those that meet may all step back. Then nothing has changed.
      current = await cell.get()
      assert.equal(current, winners[0] ?? expected)
    }
    assert.notEqual(current, null, 'no process has ever swapped it')
  },
}
