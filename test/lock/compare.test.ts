import { describe, expect, it } from 'vitest'
import { accept, compared, here, namesOf, nothing } from './compared.ts'
import { hash, line, lockOf } from './lines.ts'

describe('a migration without a line', () => {
  it('of the application is added, in natural order', () => {
    const found = compared({ lock: nothing, migrations: [here('app:10'), here('app:2'), here('app:1')] })
    expect(found.changes).toEqual(['added app:1', 'added app:2', 'added app:10'])
    expect(namesOf(found)).toEqual(['1', '2', '10'])
  })

  it('follows committed ones, and takes its place among drafts by its name', () => {
    const lock = lockOf({ app: [line('1'), line('3')] })
    const committed = lockOf({ app: [line('1')] })
    const found = compared({ lock, committed, migrations: [here('app:1'), here('app:2'), here('app:3')] })
    expect(found.changes).toEqual(['added app:2'])
    expect(namesOf(found)).toEqual(['1', '2', '3'])
  })

  it('that comes before a committed one is late, until it is accepted', () => {
    const lock = lockOf({ app: [line('1'), line('3')] })
    const migrations = [here('app:1'), here('app:2'), here('app:3')]
    const refused = compared({ lock, migrations })
    expect(refused.changes).toEqual(['!late app:2'])
    expect(namesOf(refused)).toEqual(['1', '3'])
    const followed = compared({ lock, migrations, ...accept('app:2') })
    expect(namesOf(followed)).toEqual(['1', '3', '2'])
    // Its place is decided.
    const again = compared({ lock: followed.next, committed: lock, migrations })
    expect(again.changes).toEqual([])
    expect(namesOf(again)).toEqual(['1', '3', '2'])
  })

  it('is never late beside what repeats, nor as such', () => {
    const lock = lockOf({ app: [line('1'), line('views', { revision: 1 })] })
    const views = here('app:views', { isRepeatable: true })
    const again = here('app:0_again', { isRepeatable: true })
    const found = compared({ lock, migrations: [here('app:1'), views, here('app:2'), again] })
    expect(found.changes).toEqual(['added app:0_again', 'added app:2'])
    const unnumbered = lockOf({ app: [line('1'), line('views')] })
    expect(compared({ lock: unnumbered, migrations: [here('app:1'), views, here('app:2')] }).changes).toEqual([
      'added app:2',
    ])
  })

  it('counts every line as committed without Git', () => {
    const found = compared({
      lock: lockOf({ app: [line('3')] }),
      committed: 'no Git',
      migrations: [here('app:2'), here('app:3')],
    })
    expect(found.changes).toEqual(['!late app:2'])
  })

  it('of an installed package waits for a review', () => {
    const migrations = [here('app:1'), here('billing:1')]
    const lock = lockOf({ app: [line('1')] })
    const refused = compared({ lock, migrations })
    expect(refused.changes).toEqual(['!added billing:1'])
    expect(namesOf(refused, 'billing')).toEqual([])
    const reviewed = compared({ lock, migrations, review: { isReviewed: true } })
    expect(reviewed.changes).toEqual(['added billing:1'])
    expect(namesOf(reviewed, 'billing')).toEqual(['1'])
    expect(compared({ lock, migrations, ...accept('billing') }).changes).toEqual(['added billing:1'])
  })

  it('keeps the version that brought it', () => {
    const first = compared({ lock: nothing, migrations: [here('app:1', { version: '1.5.0' })] })
    expect(first.next.packages[0]?.lines[0]?.version).toBe('1.5.0')
    const later = compared({ lock: first.next, migrations: [here('app:1', { version: '9.0.0' })] })
    expect(later.changes).toEqual([])
    expect(later.next).toEqual(first.next)
  })
})

describe('a migration that changed', () => {
  const changed = here('app:1', { hash: hash('changed') })
  const lock = lockOf({ app: [line('1')] })

  it('is refused where it is committed, and keeps the old hash when it is accepted', () => {
    const refused = compared({ lock, migrations: [changed] })
    expect(refused.changes).toEqual(['!changed app:1'])
    expect(refused.next).toEqual(lock)
    const found = compared({ lock, migrations: [changed], ...accept('app:1') })
    expect(found.next).toEqual(lockOf({ app: [line('1', { hash: hash('changed'), accepted: [hash('1')] })] }))
    const again = compared({
      lock: found.next,
      migrations: [here('app:1', { hash: hash('third') })],
      ...accept('app:1'),
    })
    expect(again.next.packages[0]?.lines[0]?.accepted).toEqual([hash('changed'), hash('1')])
    const back = compared({ lock: again.next, migrations: [here('app:1')], ...accept('app:1') })
    expect(back.next.packages[0]?.lines[0]?.accepted).toEqual([hash('third'), hash('changed')])
  })

  it('is rewritten while it is a draft', () => {
    const found = compared({ lock, committed: nothing, migrations: [changed] })
    expect(found.changes).toEqual(['rewritten app:1'])
    expect(found.next).toEqual(lockOf({ app: [line('1', { hash: hash('changed') })] }))
  })

  it('is refused as a draft of an installed package, unless it is reviewed', () => {
    const migrations = [here('billing:1', { hash: hash('changed') })]
    const given = { lock: lockOf({ billing: [line('1')] }), committed: nothing, migrations }
    expect(compared(given).changes).toEqual(['!changed billing:1'])
  })

  it('gets the next number where it repeats', () => {
    const repeating = lockOf({ app: [line('1', { revision: 3 })] })
    const found = compared({ lock: repeating, migrations: [{ ...changed, isRepeatable: true }] })
    expect(found.changes).toEqual(['revised app:1'])
    expect(found.next).toEqual(lockOf({ app: [line('1', { revision: 4, hash: hash('changed') })] }))
    const billing = lockOf({ billing: [line('1', { revision: 3 })] })
    const installed = [here('billing:1', { hash: hash('changed'), isRepeatable: true })]
    expect(compared({ lock: billing, migrations: installed }).changes).toEqual(['!revised billing:1'])
  })
})

describe('edges', () => {
  const needs = { kind: 'needs', to: 'billing:1', isForeign: true } as const
  const before = { kind: 'before', to: 'billing:2', isForeign: true } as const
  const lock = lockOf({ app: [line('1', { edges: [needs] })] })

  it('that a committed migration declares are held', () => {
    expect(compared({ lock, migrations: [here('app:1', { edges: [needs] })] }).changes).toEqual([])
    for (const edges of [[], [needs, { ...needs, to: 'billing:3' }]]) {
      expect(compared({ lock, migrations: [here('app:1', { edges })] }).changes).toEqual(['!reordered app:1'])
      const accepted = compared({ lock, migrations: [here('app:1', { edges })], ...accept('app:1') })
      expect(accepted.next.packages[0]?.lines[0]?.edges).toEqual(edges)
      expect(compared({ lock, committed: nothing, migrations: [here('app:1', { edges })] }).changes).toEqual([
        'refreshed app:1',
      ])
    }
  })

  it('of `runBefore` only order', () => {
    const found = compared({ lock, migrations: [here('app:1', { edges: [needs, before] })] })
    expect(found.changes).toEqual(['refreshed app:1'])
    expect(found.next.packages[0]?.lines[0]?.edges).toEqual([needs, before])
  })
})

describe('a line without a migration', () => {
  const lock = lockOf({ app: [line('1'), line('2')], billing: [line('1')] })
  const migrations = [here('app:1'), here('billing:1')]

  it('is refused where it is committed, and retired when it is accepted', () => {
    const refused = compared({ lock, migrations })
    expect(refused.changes).toEqual(['!removed app:2'])
    expect(refused.next).toEqual(lock)
    const retired = lockOf({ app: [line('1'), line('2', { retired: true })], billing: [line('1')] })
    expect(compared({ lock, migrations, ...accept('app:2') }).next).toEqual(retired)
    expect(compared({ lock: retired, migrations }).changes).toEqual([])
  })

  it('is refused where any of several commits has it', () => {
    const committed = [lockOf({ app: [line('1')] }), lockOf({ app: [line('2')] })]
    expect(compared({ lock, committed, migrations }).changes).toEqual(['!removed app:2'])
  })

  it('goes while it is a draft', () => {
    const found = compared({ lock, committed: lockOf({ app: [line('1')] }), migrations: [here('app:1')] })
    expect(found.changes).toEqual(['dropped app:2', 'dropped billing:1'])
    expect(found.next).toEqual(lockOf({ app: [line('1')] }))
  })

  it('is accepted with its whole package when that leaves', () => {
    const left = compared({ lock, migrations: [here('app:1'), here('app:2')], ...accept('billing') })
    expect(left.changes).toEqual(['removed billing:1'])
    expect(left.next.packages[1]?.lines[0]?.retired).toBe(true)
  })

  it('stays where nobody can tell', () => {
    const found = compared({ lock, migrations, unread: ['app:2'] })
    expect(found.changes).toEqual([])
    expect(found.next).toEqual(lock)
  })

  it('that is retired is asked about when its migration is back', () => {
    const retired = lockOf({ app: [line('1', { retired: true })] })
    const refused = compared({ lock: retired, migrations: [here('app:1')] })
    expect(refused.changes).toEqual(['!returned app:1'])
    expect(refused.next).toEqual(retired)
    expect(compared({ lock: retired, migrations: [here('app:1')], ...accept('app:1') }).next).toEqual(
      lockOf({ app: [line('1')] }),
    )
  })
})

it('asks for the last commit once, and only where something differs', () => {
  const lock = lockOf({ app: [line('1'), line('2')], billing: [line('1')] })
  const same = [here('app:1'), here('app:2'), here('billing:1')]
  expect(compared({ lock, migrations: same }).asked).toBe(0)
  expect(compared({ lock, migrations: [here('app:3'), ...same, here('app:0')] }).asked).toBe(1)
})

it('takes time in proportion to what there is', () => {
  const count = 20_000
  const names = Array.from({ length: count }, (_, index) => String(index))
  const lock = lockOf({ app: names.map((name) => line(name)) })
  const changed = names.map((name) => here(`app:${name}`, { hash: hash('x') }))
  expect(compared({ lock, committed: nothing, migrations: changed }).changes).toHaveLength(count)
  const late = names.map((name) => here(`app:0_${name}`))
  expect(compared({ lock, migrations: [...late, ...names.map((name) => here(`app:${name}`))] }).changes).toHaveLength(
    count,
  )
})
