import { expect, it } from 'vitest'
import { afterDown, afterMoveState, killAtCalls } from './kill.ts'

// kill.soak.ts kills at every call.
it('V15 a down that is killed is finished or absent after the next run', { timeout: 600_000 }, async () => {
  expect(await killAtCalls('down', 17, afterDown)).toBeGreaterThan(6)
})

it(
  'a move of the state that is killed leaves one store open at most, and is finished when it is repeated',
  { timeout: 600_000 },
  async () => {
    expect(await killAtCalls('moveState', 29, afterMoveState)).toBeGreaterThan(2)
  },
)
