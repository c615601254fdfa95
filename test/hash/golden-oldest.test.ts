import { expect, it, vi } from 'vitest'
import { frozenHashes } from './golden.ts'
import { hashesOf } from './golden-hashes.ts'

vi.mock('oxc-parser', () => import('oxc-parser-oldest'))

it('gives each fixture the hash that was frozen, with the oldest parser', async () => {
  expect(Object.fromEntries(await hashesOf())).toEqual(Object.fromEntries(frozenHashes()))
})
