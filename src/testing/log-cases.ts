import assert from 'node:assert/strict'
import type { Play } from './adapter-case.ts'
import { appendPatiently, entriesOf, entryAt } from './log-entries.ts'
import { uniqueId } from '../runtime/unique-id.ts'

export const LOG_CASES: Readonly<Record<string, Play>> = {
  async 'log: gives back what was appended, by head and from any point on'(scene) {
    const key = scene.key()
    const { adapter } = await scene.open(key)
    const entries = [
      entryAt(0, { data: { lineage: 'L', env: 'ß "quoted" \u2028 \\ 日本' } }),
      entryAt(1, {
        kind: 'up',
        id: '@acme/a:1',
        hash: 'h1:1',
        generation: 1,
        data: { ms: 3, redo: [{ target: 'T', redo: { a: [null, 1.5] } }] },
      }),
      entryAt(2, { satisfied: Array.from({ length: 8 }, (_, index) => `${index}`.repeat(32)), open: 1 }),
      entryAt(3, { targets: [{ name: 'files', target: uniqueId(), serial: 12, tenant: null }] }),
    ]
    assert.equal(await adapter.log.head(), null)
    assert.deepEqual(await entriesOf(adapter), [])
    assert.equal(await adapter.log.append(entries.slice(0, 1)), 'appended')
    assert.equal(await adapter.log.append(entries.slice(1, 3)), 'appended')
    assert.equal(await adapter.log.append(entries.slice(3)), 'appended')
    for (const reader of [adapter, (await scene.open(key)).adapter]) {
      const head = await reader.log.head()
      assert.deepEqual([head?.genesis, head?.last], [entries[0], entries[3]])
      for (const after of [-1, 0, 1, 2, 3, 9])
        assert.deepEqual(await entriesOf(reader, after), entries.slice(after + 1))
    }
  },

  async 'log: refuses a serial that is taken with all that is appended beside it, and a gap'(scene) {
    const { adapter } = await scene.open(scene.key())
    const entries = [entryAt(0), entryAt(1), entryAt(2), entryAt(3)]
    assert.equal(await adapter.log.append(entries.slice(0, 1)), 'appended')
    assert.equal(await adapter.log.append([entryAt(0)]), 'taken')
    assert.equal(await adapter.log.append(entries.slice(1)), 'appended')
    assert.equal(await adapter.log.append([entryAt(2), entryAt(3), entryAt(4)]), 'taken')
    await assert.rejects(adapter.log.append([entryAt(5)]), /gap/)
    assert.deepEqual(await entriesOf(adapter), entries)
  },

  async 'log: of several processes that append at one serial, one does'(scene) {
    const key = scene.key()
    const processes = await scene.startCrowd(key)
    const { adapter } = await scene.open(key)
    for (let serial = 0; serial < 8; serial++) {
      const entries = processes.map(() => entryAt(serial))
      const answers = await Promise.all(
        processes.map((process, index) =>
          process.ask({ do: 'append', entry: entries[index] ?? entryAt(serial), forged: false }),
        ),
      )
      const winners = entries.filter((_, index) => answers[index] === 'appended')
      assertOneWinner(winners)
      assert.deepEqual(await entriesOf(adapter, serial - 1), winners)
    }
  },

  async 'log: two processes that both say that they appended would be noticed'(scene) {
    const key = scene.key()
    const answers = await Promise.all(
      (await scene.startCrowd(key, 2)).map((process) => process.ask({ do: 'append', entry: entryAt(0), forged: true })),
    )
    assert.throws(() => assertOneWinner(answers.filter((answer) => answer === 'appended')))
  },

  async 'classify: what nobody knows is fatal'(scene) {
    const { adapter } = await scene.open(scene.key())
    for (const error of [new Error('of nobody'), undefined, null, 'text', {}])
      assert.equal(adapter.classify(error), 'fatal')
  },
}

function assertOneWinner(winners: readonly unknown[]): void {
  assert.equal(winners.length, 1, `${winners.length} processes say that they appended the same serial`)
}

export const UNTOUCHED_CASES: Readonly<Record<string, Play>> = {
  async 'log: is not there before the first append, and reading creates nothing'(scene) {
    const { adapter, isUntouched } = await scene.open(scene.key())
    assert.equal(await adapter.log.head(), null)
    assert.deepEqual(await entriesOf(adapter), [])
    await (await adapter.open()).close()
    assert.equal(await isUntouched?.(), true)
  },
}

export const DAMAGE_CASES: Readonly<Record<string, Play>> = {
  async 'log: a damaged one is an error, never an empty or a shorter one'(scene) {
    const key = scene.key()
    const { adapter, damage } = await scene.open(key)
    for (const serial of [0, 1, 2]) assert.equal(await appendPatiently(adapter, entryAt(serial)), 'appended')
    await damage?.()
    for (const reader of [adapter, (await scene.open(key)).adapter]) {
      await assert.rejects(reader.log.head())
      await assert.rejects(entriesOf(reader))
    }
  },
}
