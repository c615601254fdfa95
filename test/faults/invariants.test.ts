import { expect, it } from 'vitest'
import type { Entry } from '../../src/runtime/entry.ts'
import { entryAt } from '../../src/testing/log-entries.ts'
import { type Evidence, broken } from './invariants.ts'
import { IDS, expectedIn } from './manifest.ts'
import type { Observed } from './observation.ts'
import { CANARY } from './storages/storage-case.ts'

const TARGETS = { main: 'MAIN', extra: 'EXTRA' }

function logOf(target: string, ids: readonly string[], of = target): readonly Entry[] {
  const ups = ids.map((id, index) => entryAt(index + 1, { kind: 'up', id, target: of, attempt: id }))
  return [entryAt(0, { target }), ...ups]
}

const extraOnly = expectedIn('extra').filter((id) => !expectedIn('main').includes(id))

/** Storages after a run in which nothing went wrong. */
const SOUND: readonly Observed[] = [
  { role: 'main', effects: expectedIn('main'), log: logOf(TARGETS.main, expectedIn('main')) },
  { role: 'extra', effects: expectedIn('extra'), log: logOf(TARGETS.extra, extraOnly) },
  {
    role: 'state',
    effects: [],
    log: IDS.reduce<readonly Entry[]>(
      (log, id) => {
        const target = extraOnly.includes(id) ? TARGETS.extra : TARGETS.main
        return [...log, entryAt(log.length, { kind: 'up', id, target })]
      },
      logOf('STATE', []),
    ),
  },
].map((one) => ({
  ...one,
  leftovers: [],
  expected: one.role === 'state' ? [] : expectedIn(one.role as 'main'),
})) as readonly Observed[]

function evidence(role: Observed['role'], change: (observed: Observed) => Partial<Observed>): Evidence {
  const storages = SOUND.map((one) => (one.role === role ? { ...one, ...change(one) } : one))
  return { moment: 'after-clean-run', storages, outcomes: [] }
}

const [first = '', second = ''] = expectedIn('main')
const resolved = { end: 'resolved', outcome: 'migrated', said: '' } as const
const stopped = { end: 'rejected', message: 'EIO', applied: [], said: '' } as const

it('storages that are sound break nothing', () => {
  const applied = [{ id: first, attempt: first, target: 'main', ms: 1 }]
  const outcomes = [
    { ...resolved, applied },
    { ...stopped, code: 'MIG_R0201', applied: [first] },
  ]
  expect(broken({ moment: 'after-clean-run', storages: SOUND, outcomes })).toEqual([])
})

it.each<readonly [number: string, what: string, evidence: Evidence]>([
  ['I1', 'an effect twice', evidence('main', ({ effects }) => ({ effects: [first, ...effects] }))],
  ['I1', 'no effect', evidence('extra', ({ effects }) => ({ effects: effects.slice(1) }))],
  ['I2', 'an effect without a marker', evidence('main', ({ log }) => ({ log: log.slice(0, -1) }))],
  ['I2', 'a marker without an effect', evidence('main', ({ effects }) => ({ effects: effects.slice(0, -1) }))],
  [
    'I2',
    'a marker that is not completed',
    evidence('main', ({ log }) => ({ log: log.map((entry) => ({ ...entry, done: entry.id !== second })) })),
  ],
  [
    'I3',
    'a record without a marker',
    { ...evidence('main', () => ({ log: logOf(TARGETS.main, []), effects: [] })), moment: 'after-fault' },
  ],
  ['I3', 'no record', evidence('state', ({ log }) => ({ log: log.slice(0, -1) }))],
  ['I4', 'effects in another order', evidence('main', ({ effects }) => ({ effects: effects.toReversed() }))],
  ['I4', 'a gap', evidence('state', ({ log }) => ({ log: log.filter(({ serial }) => serial !== 1) }))],
  [
    'I5',
    'returned well with work missing',
    {
      ...evidence('main', ({ log, effects }) => ({ log: log.slice(0, -1), effects: effects.slice(0, -1) })),
      moment: 'after-fault',
      outcomes: [{ ...resolved, applied: [] }],
    },
  ],
  [
    'I5',
    'told of an attempt that the log does not have',
    {
      ...evidence('main', () => ({})),
      outcomes: [{ ...resolved, applied: [{ id: first, attempt: 'another', target: 'main', ms: 1 }] }],
    },
  ],
  ['I5', 'an error without a code', { ...evidence('main', () => ({})), outcomes: [{ ...stopped, code: 'none' }] }],
  ['I6', 'a lock', evidence('extra', () => ({ leftovers: ['lock/0 is held'] }))],
  ['I6', 'open work', evidence('main', ({ log }) => ({ log: log.map((entry) => ({ ...entry, open: 1 })) }))],
  ['I7', 'a secret', { ...evidence('main', () => ({})), outcomes: [{ ...resolved, applied: [], said: CANARY }] }],
  [
    'I7',
    'a control byte',
    { ...evidence('main', () => ({})), outcomes: [{ ...resolved, applied: [], said: '\u001B[31mred' }] },
  ],
])('%s is broken by %s', (number, _, wrong) => {
  expect(broken(wrong).map((what) => what.slice(0, 2))).toContain(number)
})
