import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { GuardedHandles } from '../../src/runtime/guarded-handles.ts'

const slow = { write: async (text: string) => delay(20).then(() => text), raw: { driver: true } }

it('passes calls and values through', async () => {
  const handles = new GuardedHandles('app:1')
  const handle = handles.guard(slow)
  expect(await handle.write('a')).toBe('a')
  expect(handle.raw).toBe(slow.raw)
  expect(() => handles.finish()).not.toThrow()
})

it('refuses a migration that returned while calls went on', async () => {
  const handles = new GuardedHandles('app:1')
  const handle = handles.guard(slow)
  const forgotten = handle.write('a')
  expect(() => handles.finish()).toThrow(/MIG_R0209.*while 1 of its calls went on/s)
  await forgotten
})

it('is dead after the end', async () => {
  const handles = new GuardedHandles('app:1')
  const handle = handles.guard(slow)
  handles.end()
  expect(() => handle.write('late')).toThrow(/MIG_R0210/)
})
