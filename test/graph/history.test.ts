import { describe, expect, it } from 'vitest'
import type { HistoryFinding } from '../../src/graph/history.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { type HistoryPolicies, type Policy, policyFor } from '../../src/graph/policy.ts'
import { migrations } from './cases.ts'
import { examine, manifestOf } from './manifest.ts'

const ACCOUNTS = migrations('accounts', { 1: {}, 2: {}, 3: { formerly: ['people:3'] } })
const IMAGES = migrations('images', { 1: { dependsOn: ['accounts:2'] }, 2: {} })
const MANIFEST = manifestOf([...ACCOUNTS, ...IMAGES], { retired: ['images:0'] })
const now = (...ids: readonly Id[]): Readonly<Record<Id, string>> =>
  Object.fromEntries(ids.map((id) => [id, `now:${id}`]))

describe('V04 a history', () => {
  it.each<
    [
      what: string,
      applied: Readonly<Record<Id, string | null>>,
      findings: readonly HistoryFinding[],
      pending: readonly Id[],
    ]
  >([
    ['that is empty', {}, [], ['accounts:1', 'accounts:2', 'accounts:3', 'images:1', 'images:2']],
    ['that is complete', now('accounts:1', 'accounts:2', 'accounts:3', 'images:1', 'images:2'), [], []],
    [
      'with a migration before its declared dependency',
      now('accounts:1', 'images:1'),
      [{ kind: 'inconsistent', id: 'images:1', pending: 'accounts:2' }],
      ['accounts:2', 'accounts:3', 'images:2'],
    ],
    [
      'with a late migration: one of its package follows, by an implied edge',
      now('accounts:1', 'accounts:3'),
      [{ kind: 'late', id: 'accounts:2' }],
      ['accounts:2', 'images:1', 'images:2'],
    ],
    ['in which another package is ahead', now('accounts:1', 'accounts:2', 'images:1', 'images:2'), [], ['accounts:3']],
    [
      'with a changed hash',
      { ...now('accounts:1'), 'accounts:2': 'old' },
      [{ kind: 'changed', id: 'accounts:2', applied: 'old', now: 'now:accounts:2' }],
      ['accounts:3', 'images:1', 'images:2'],
    ],
    [
      'without a hash',
      { 'accounts:1': null },
      [{ kind: 'changed', id: 'accounts:1', applied: null, now: 'now:accounts:1' }],
      ['accounts:2', 'accounts:3', 'images:1', 'images:2'],
    ],
    [
      'with an accepted hash',
      { 'accounts:1': 'accepted:accounts:1' },
      [{ kind: 'accepted', id: 'accounts:1', applied: 'accepted:accounts:1', now: 'now:accounts:1' }],
      ['accounts:2', 'accounts:3', 'images:1', 'images:2'],
    ],
    [
      'with an unknown id, a retired one, and one of another application',
      now('accounts:9', 'images:0', 'shop:1'),
      [
        { kind: 'unknown', id: 'accounts:9' },
        { kind: 'retired', id: 'images:0' },
      ],
      ['accounts:1', 'accounts:2', 'accounts:3', 'images:1', 'images:2'],
    ],
    [
      'under a former id',
      { ...now('accounts:1', 'accounts:2'), 'people:3': 'now:accounts:3' },
      [],
      ['images:1', 'images:2'],
    ],
  ])('%s', (_, applied, findings, pending) => {
    expect(examine(MANIFEST, applied)).toEqual({ findings, pending })
  })
})

describe('a history with a squash', () => {
  const originals = { one: {}, two: {} }
  const squash = { squash: { replaces: ['a:one', 'a:two'] } }
  const user = migrations('b', { 1: { dependsOn: ['a:two'] } })
  const whole = manifestOf([...migrations('a', { ...originals, ...squash, three: {} }), ...user])
  const gone = manifestOf([...migrations('a', { ...squash, three: {} }), ...user])

  it('knows what it replaces, also when that is gone', () => {
    expect(examine(gone, now('a:one', 'a:two', 'b:1'))).toEqual({ findings: [], pending: ['a:three'] })
    expect(examine(whole, now('a:one', 'a:two', 'b:1'))).toEqual({ findings: [], pending: ['a:three'] })
  })

  it('takes a dependency on a part for one on the whole', () => {
    expect(examine(whole, now('b:1'))).toEqual({
      findings: [{ kind: 'inconsistent', id: 'b:1', pending: 'a:squash' }],
      pending: ['a:squash', 'a:three'],
    })
  })

  it('falls back to the originals, and stops where they are gone', () => {
    expect(examine(whole, now('a:one'))).toEqual({ findings: [], pending: ['a:two', 'a:three', 'b:1'] })
    expect(examine(gone, now('a:one')).findings).toEqual([{ kind: 'partly-squashed', id: 'a:squash', gone: ['a:two'] }])
  })

  it('is late as a whole, and in part', () => {
    expect(examine(whole, now('a:three')).findings).toEqual([{ kind: 'late', id: 'a:squash' }])
    expect(examine(whole, now('a:one', 'a:three')).findings).toEqual([{ kind: 'late', id: 'a:two' }])
  })
})

it.each<[kind: HistoryFinding['kind'], policies: HistoryPolicies, development: boolean, expected: Policy]>([
  ['inconsistent', {}, false, 'error'],
  ['inconsistent', { outOfOrder: 'allow', changed: 'allow', unknown: 'allow' }, true, 'error'],
  ['partly-squashed', { outOfOrder: 'allow', changed: 'allow', unknown: 'allow' }, true, 'error'],
  ['late', {}, false, 'warn'],
  ['late', { outOfOrder: 'error' }, false, 'error'],
  ['changed', {}, false, 'error'],
  ['changed', {}, true, 'warn'],
  ['changed', { changed: 'error' }, true, 'error'],
  ['unknown', {}, false, 'warn'],
  ['unknown', { unknown: 'allow' }, false, 'allow'],
  ['accepted', { changed: 'error' }, false, 'allow'],
  ['retired', { unknown: 'error' }, false, 'allow'],
])('what is %s, under %j (development: %j), is: %s', (kind, policies, development, expected) => {
  expect(policyFor(kind, policies, development)).toBe(expected)
})
