import { expect, it } from 'vitest'
import { afterDown, afterMoveState, killAtCalls } from './kill.ts'

it.each([
  ['down', afterDown],
  ['redo', afterDown],
  ['moveState', afterMoveState],
] as const)('%s is whole after it was killed at any call', { timeout: 3_600_000 }, async (command, recover) => {
  expect(await killAtCalls(command, 1, recover)).toBeGreaterThan(60)
})
