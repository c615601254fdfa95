import { expect } from 'vitest'
import { atEachCall } from '../kill/at-each-call.ts'
import { type Chain, chain } from './chain.ts'

const NONE = [[], []]
const BOTH = [['a:1'], ['b:1', 'b.txt']]

/** What follows a killed process, and what is there then. */
export type Recovery = (storages: Chain, at: number) => Promise<void>

/**
 * Kills a command on copies of what an applied chain left, before each `step`th of its calls, until it completes.
 *
 * @returns how often it was really killed
 */
export async function killAtCalls(command: string, step: number, recover: Recovery): Promise<number> {
  const applied = await chain()
  expect(await applied.start('migrate').end).toMatchObject({ code: 0, errors: '' })
  const killed = await atEachCall(step, async (at) => {
    const storages = await applied.copy()
    const { signal, code, errors } = await storages.start(command, {}, undefined, at).end
    if (signal === null) expect({ code, errors }).toMatchObject({ code: 0 })
    await recover(storages, at)
    storages.remove()
    return signal === 'SIGKILL'
  })
  applied.remove()
  return killed
}

async function ended(storages: Chain, command: string, at: number): Promise<string> {
  const { code, errors, out } = await storages.start(command).end
  expect({ code, errors }, `${command} after call ${at}`).toEqual({ code: 0, errors: '' })
  return out
}

/** The next run ends a down that was killed, or finds nothing of it, whichever direction it takes. */
export const afterDown: Recovery = async (storages, at) => {
  const [command, left] = at % 2 === 0 ? (['migrate', BOTH] as const) : (['down', NONE] as const)
  await ended(storages, command, at)
  expect(await storages.effects(), `${command} after call ${at}`).toEqual(left)
}

/** Never both stores are open, and once it is repeated the new one alone is. */
export const afterMoveState: Recovery = async (storages, at) => {
  const old = await storages.start('migrate').end
  if (old.code !== 0) expect(old.errors, `old store after call ${at}`).toContain('MIG_R0113')
  await ended(storages, 'moveState', at)
  expect((await storages.start('migrate').end).errors, `after call ${at}`).toContain('MIG_R0113')
  expect(JSON.parse(await ended(storages, 'migrateMoved', at)), `after call ${at}`).toMatchObject({ applied: [] })
  expect(await storages.effects(), `after call ${at}`).toEqual(BOTH)
}
