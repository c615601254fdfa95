import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digestsOf } from '../../src/scan/hash/digest.ts'

const sha256 = (lines: string): string => createHash('sha256').update(lines).digest('hex')

const migrations = [
  { id: 'a:2', hash: 'h0:2' },
  { id: 'a:1', hash: 'h0:1' },
  { id: 'B:1', hash: 'h0:3' },
]

it('is SHA-256 over the lines of ids and hashes, sorted by code units', () => {
  const expected = { digest: sha256('B:1 h0:3\na:1 h0:1\na:2 h0:2\n') }
  expect(digestsOf(migrations)).toEqual(expected)
  expect(digestsOf(migrations.toReversed())).toEqual(expected)
  expect(digestsOf(migrations.slice(1))).not.toEqual(expected)
})

it('leaves out what is held and what always runs, and has a second one without what is deferrable', () => {
  const digest = sha256('B:1 h0:3\na:1 h0:1\na:2 h0:2\n')
  const always = { id: 'a:3', hash: 'h0:4', traits: { repeatable: 'always' } } as const
  expect(digestsOf([...migrations, always])).toEqual({ digest })
  const held = { id: 'a:4', hash: 'h0:5', traits: { deferrable: true } } as const
  expect(digestsOf([...migrations, held], new Set(['a:4']))).toEqual({ digest })
  expect(digestsOf([...migrations, held])).toEqual({
    digest: sha256('B:1 h0:3\na:1 h0:1\na:2 h0:2\na:4 h0:5\n'),
    required: digest,
  })
  const onChange = { id: 'a:5', hash: 'h0:6', traits: { repeatable: 'onChange' } } as const
  expect(digestsOf([...migrations, onChange]).digest).not.toBe(digest)
})
