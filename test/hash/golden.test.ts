import { expect, it } from 'vitest'
import { frozenHashes } from './golden.ts'
import { hashesOf } from './golden-hashes.ts'

it('gives each fixture the hash that was frozen', async () => {
  expect(Object.fromEntries(await hashesOf())).toEqual(Object.fromEntries(frozenHashes()))
})
