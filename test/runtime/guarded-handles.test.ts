import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { withGuardedHandles } from '../../src/runtime/guarded-handles.ts'

const slow = { write: async (text: string) => delay(20).then(() => text), raw: { driver: true } }

it('passes calls and values through', async () => {
  await withGuardedHandles('app:1', async (guard) => {
    const handle = guard(slow)
    expect(await handle.write('a')).toBe('a')
    expect(handle.raw).toBe(slow.raw)
  })
})

it('C16 refuses a migration that returned while calls went on', async () => {
  let forgotten: Promise<unknown> | undefined
  const work = withGuardedHandles('app:1', async (guard) => {
    forgotten = guard(slow).write('a')
  })
  await expect(work).rejects.toThrow(/MIG_R0209.*app:1: 1 calls not awaited/s)
  await forgotten
})

it.each([
  ['ended', async () => {}],
  ['failed', () => Promise.reject(new Error('boom'))],
])('is dead after the migration has %s', async (_, end) => {
  let handle = slow
  const work = withGuardedHandles('app:1', async (guard) => {
    handle = guard(slow)
    await end()
  })
  await work.catch(() => {})
  expect(() => handle.write('late')).toThrow(/MIG_R0210/)
})
