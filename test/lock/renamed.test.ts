import { describe, expect, it } from 'vitest'
import { compared, here, namesOf } from './compared.ts'
import { hash, line, lockOf } from './lines.ts'

describe('another name', () => {
  it('of a migration takes its line along', () => {
    const lock = lockOf({ app: [line('1', { version: '0.5.0' }), line('2')] })
    const renamed = here('app:first', { formerly: ['app:1'], hash: hash('1') })
    const found = compared({ lock, migrations: [renamed, here('app:2')] })
    expect(found.changes).toEqual(['renamed app:first'])
    expect(namesOf(found)).toEqual(['first', '2'])
    expect(found.next.packages[0]?.lines[0]).toEqual(line('first', { hash: hash('1'), version: '0.5.0' }))
  })

  it('of a package takes its block along, in its order', () => {
    const lock = lockOf({ old: [line('2'), line('1')] })
    const migrations = ['1', '2', '3'].map((name) => here(`app:${name}`, { formerly: [`old:${name}`] }))
    const found = compared({ lock, migrations })
    expect(found.changes).toEqual(['renamed app:2', 'renamed app:1', 'added app:3'])
    expect(namesOf(found)).toEqual(['2', '1', '3'])
    expect(namesOf(found, 'old')).toEqual([])
  })

  it('of another package goes to the end of that one, whichever stands first', () => {
    for (const [from, to] of [
      ['app', 'zlib'],
      ['zlib', 'app'],
    ] as const) {
      const lock = lockOf({ app: [line('1'), line('2')], zlib: [line('1'), line('2')] })
      const moved = here(`${to}:0_tags`, { formerly: [`${from}:2`], hash: hash('2') })
      const migrations = [here('app:1'), here('zlib:1'), here(`${to}:2`), moved]
      const found = compared({ lock, migrations, own: ['app', 'zlib'] })
      expect(found.changes).toEqual([`renamed ${to}:0_tags`])
      expect(namesOf(found, to)).toEqual(['1', '2', '0_tags'])
      expect(namesOf(found, from)).toEqual(['1'])
      const again = compared({ lock: found.next, committed: lock, migrations, own: ['app', 'zlib'] })
      expect(again.changes).toEqual([])
    }
  })

  it('leaves a committed line committed: it keeps its place, and what it has is held', () => {
    const committed = lockOf({ app: [line('1'), line('2'), line('3')] })
    const lock = lockOf({ app: [line('1'), line('2_better', { hash: hash('2') }), line('3')] })
    const renamed = here('app:2_better', { formerly: ['app:2'], hash: hash('2') })
    const [one, three] = [here('app:1'), here('app:3')]
    const found = compared({ lock, committed, migrations: [one, renamed, three, here('app:4')] })
    expect(found.changes).toEqual(['added app:4'])
    expect(namesOf(found)).toEqual(['1', '2_better', '3', '4'])
    const edited = [one, { ...renamed, hash: hash('x') }, three]
    expect(compared({ lock, committed, migrations: edited }).changes).toEqual(['!changed app:2_better'])
    // Its file went, and with it who could say the former name.
    expect(compared({ lock, committed, migrations: [one, three] }).changes).toEqual(['!removed app:2_better'])
  })

  it('that only one of two merged branches gave is one line, where the first of them stands', () => {
    const renamed = here('app:2_better', { formerly: ['app:2'], hash: hash('2') })
    const migrations = [here('app:1'), renamed, here('app:3')]
    const better = line('2_better', { hash: hash('2') })
    for (const lines of [
      [line('1'), line('2'), line('3'), better],
      [line('1'), better, line('2'), line('3')],
    ]) {
      const found = compared({ lock: lockOf({ app: lines }), migrations })
      expect(found.changes).toEqual(['renamed app:2_better'])
      expect(found.next).toEqual(lockOf({ app: [line('1'), better, line('3')] }))
    }
    const accepted = line('2', { hash: hash('x'), accepted: [hash('2')] })
    const edited = compared({
      lock: lockOf({ app: [line('1'), accepted, line('3'), better] }),
      migrations: [here('app:1'), { ...renamed, hash: hash('x') }, here('app:3')],
    })
    expect(edited.next.packages[0]?.lines[1]).toEqual({ ...accepted, name: '2_better' })
    // It does something else, so it is something else.
    const other = [line('1'), line('2', { hash: hash('y') }), line('3'), better]
    expect(compared({ lock: lockOf({ app: other }), migrations }).changes).toEqual(['!removed app:2'])
  })

  it('of a package that only one of two merged branches gave takes its lines along', () => {
    const migrations = ['1', '2', '3'].map((name) => here(`app:${name}`, { formerly: [`old:${name}`] }))
    const lock = lockOf({ old: [line('1'), line('2'), line('3')], app: [line('1'), line('2')] })
    const found = compared({ lock, migrations })
    expect(found.changes).toEqual(['renamed app:1', 'renamed app:2', 'renamed app:3'])
    expect(found.next).toEqual(lockOf({ app: [line('1'), line('2'), line('3')] }))
  })

  it('of a package leaves its lines committed', () => {
    const committed = lockOf({ old: [line('1'), line('3'), line('2')] })
    const lock = lockOf({ app: committed.packages[0]?.lines ?? [] })
    const [one, three, two] = ['1', '3', '2'].map((name) => here(`app:${name}`, { formerly: [`old:${name}`] }))
    if (!one || !two || !three) throw new Error('there are three')
    const more = here('app:4', { formerly: ['old:4'] })
    const found = compared({ lock, committed, migrations: [one, two, three, more] })
    expect(found.changes).toEqual(['added app:4'])
    expect(namesOf(found)).toEqual(['1', '3', '2', '4'])
    expect(compared({ lock, committed, migrations: [{ ...one, hash: hash('x') }, two, three] }).changes).toEqual([
      '!changed app:1',
    ])
    expect(compared({ lock, committed, migrations: [one, two] }).changes).toEqual(['!removed app:3'])
    expect(compared({ lock: committed, migrations: [one, two, three, here('app:0')] }).changes.at(-1)).toBe(
      '!late app:0',
    )
  })
})
