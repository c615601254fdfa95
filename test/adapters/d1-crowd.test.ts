import { describe, expect, it } from 'vitest'
import { type D1Database, d1 } from '../../src/adapters/d1.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { rowsOf, useD1 } from '../servers/d1.ts'
import { entryAt } from '../../src/testing/log-entries.ts'
import { unprotected } from './d1-unprotected.ts'

const SIZES = [2, 20, 200] as const
const server = useD1(2 * SIZES.length)

const upAt = (serial: number): Entry =>
  entryAt(serial, { kind: 'up', id: 'app:1', generation: 1, hash: 'h0:1', data: { ms: 0, redo: [] }, done: false })

/** Units that all extend the same log, sent at the same time. @returns what they answered, and the effects left */
async function crowd(database: D1Database, size: number): Promise<readonly [committed: number, effects: number]> {
  const { log } = d1(database)
  await log.append([entryAt(0)])
  await database.prepare('create table effects (id text)').all()
  const units = Array.from({ length: size }, async () => {
    const session = await d1(database).open()
    const unit = await session.begin?.(upAt(1))
    if (!unit || unit === 'taken') throw new Error('nothing is written before the commit')
    await unit.handle('sql').run`insert into effects values (${'app:1'})`
    return unit
  })
  const begun = await Promise.all(units)
  const final = { data: { ms: 1, redo: [] }, satisfied: [], open: 0, targets: [] }
  const answers = await Promise.all(begun.map((unit) => unit.commit(final)))
  const effects = await rowsOf(database, 'select id from effects')
  return [answers.filter((answer) => answer !== 'taken').length, effects.length]
}

describe.each(SIZES)('N01, d1: %i batches at once', (size) => {
  it('one takes effect, the others are told that the serial is taken', async () => {
    expect(await crowd(await server.createDatabase(), size)).toEqual([1, 1])
  })

  it('all of them would without the key of the log', async () => {
    expect(await crowd(unprotected(await server.createDatabase()), size)).toEqual([size, size])
  })
})
