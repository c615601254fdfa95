import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digestOf } from '../../src/scan/hash/digest.ts'

it('is SHA-256 over the lines of ids and hashes, sorted by code units', () => {
  const lines = 'B:1 h0:3\na:1 h0:1\na:2 h0:2\n'
  const expected = createHash('sha256').update(lines).digest('hex')
  const migrations = [
    { id: 'a:2', hash: 'h0:2' },
    { id: 'a:1', hash: 'h0:1' },
    { id: 'B:1', hash: 'h0:3' },
  ]
  expect(digestOf(migrations)).toBe(expected)
  expect(digestOf(migrations.toReversed())).toBe(expected)
  expect(digestOf(migrations.slice(1))).not.toBe(expected)
})
