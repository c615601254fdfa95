import { expect, it } from 'vitest'
import { packagesOf } from '../../src/graph/packages-of.ts'
import { migrations } from './cases.ts'
import { examine, manifestOf } from './manifest.ts'

const MANIFEST = manifestOf(
  [
    ...migrations('accounts', { 1: {}, 2: {} }),
    ...migrations('images', { 1: { dependsOn: ['accounts:1'] }, 2: {} }),
    ...migrations('bookings', { 1: { dependsOn: ['images:2'] } }),
  ],
  { digest: 'd', retired: ['images:0', 'bookings:0'] },
)

it('keeps some packages and what they depend on, with their edges', () => {
  const { migrations: kept, retired, digest } = packagesOf(MANIFEST, ['images'])
  expect(kept.map(({ id, parents, after }) => [id, parents, after])).toEqual([
    ['accounts:1', [], []],
    ['images:1', [0], []],
    ['images:2', [], [1]],
  ])
  expect(retired).toEqual(['images:0'])
  expect(digest).not.toBe(packagesOf(MANIFEST, ['accounts']).digest)
})

it('has digests of its own, also of what is required', () => {
  const both = { ...MANIFEST, required: 'r' }
  const images = packagesOf(both, ['images'])
  const accounts = packagesOf(both, ['accounts'])
  const digests = [both, images, accounts].flatMap(({ digest, required }) => [digest, required])
  expect(new Set(digests).size).toBe(6)
  expect(packagesOf(MANIFEST, ['images'])).not.toHaveProperty('required')
})

it('is the whole manifest with all of its packages', () => {
  const { migrations: kept } = packagesOf(MANIFEST, ['bookings', 'accounts', 'images'])
  expect(kept).toEqual(MANIFEST.migrations)
})

it('is examined like any other', () => {
  const images = packagesOf(MANIFEST, ['images'])
  const applied = { 'accounts:1': 'now:accounts:1', 'bookings:1': 'now:bookings:1' }
  expect(examine(images, applied)).toEqual({ findings: [], pending: ['images:1', 'images:2'] })
})

it('refuses a package that brings nothing', () => {
  expect(() => packagesOf(MANIFEST, ['images', 'image'])).toThrow(
    expect.objectContaining({ code: 'MIG_R0401', text: '"image" brings no migration.' }),
  )
})
