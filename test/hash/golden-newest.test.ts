import { expect, it, vi } from 'vitest'
import { frozenHashes } from './golden.ts'
import { hashesOf } from './golden-hashes.ts'

vi.mock('oxc-parser', () => import('oxc-parser-newest'))

it('gives each fixture the hash that was frozen, with the newest parser', async () => {
  expect(Object.fromEntries(await hashesOf())).toEqual(Object.fromEntries(frozenHashes()))
})
