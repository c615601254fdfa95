import { expect, it } from 'vitest'
import { frozenHashes } from './golden.ts'
import { hashesOf } from './golden-hashes.ts'
import { hashOf } from '../scan/hashes.ts'
import { migration } from '../scan/tree.ts'

it('gives each fixture the hash that was frozen', async () => {
  expect(Object.fromEntries(await hashesOf())).toEqual(Object.fromEntries(frozenHashes()))
})

it('says by a prefix which way of hashing it is', async () => {
  expect(await hashOf(migration())).toMatch(/^h1:[0-9a-f]{64}$/)
})
