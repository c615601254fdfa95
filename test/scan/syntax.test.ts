import { expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { app, migration } from './tree.ts'

it.each([
  ['an order', 'function f(a?: string, b: string) {}'],
  ['a word', 'const const = 1'],
])('what the parser says of %s ends with one full stop', async (_, code) => {
  const root = app({ '1.ts': migration(code) })
  const { diagnostics } = await scan({ root })
  expect(diagnostics).toMatchObject([{ code: 'MIG_B0301', message: expect.stringMatching(/[^.]\.$/) }])
})
