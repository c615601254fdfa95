import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeLocks, sidesOf } from '../../src/scan/lock/merge.ts'
import type { LockFile } from '../../src/scan/lock/lock-file.ts'
import { printLock } from '../../src/scan/lock/print.ts'
import { understand } from '../../src/scan/lock/understand.ts'
import { tree } from '../scan/tree.ts'
import { hash, line, lockOf } from './lines.ts'

/** What Git makes of two branches, with the file as it was before them. */
function gitMerge(base: LockFile, ours: LockFile, theirs: LockFile, style: 'merge' | 'diff3' = 'merge'): string {
  const root = tree({ 'migrations.lock': printLock(base) })
  const file = join(root, 'migrations.lock')
  const git = (...words: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', `merge.conflictStyle=${style}`, ...words], {
      cwd: root,
      stdio: 'ignore',
    })
  }
  git('init', '-b', 'main')
  git('add', '.')
  git('commit', '-m', 'base')
  git('checkout', '-b', 'theirs')
  writeFileSync(file, printLock(theirs))
  git('commit', '-am', 'theirs')
  git('checkout', 'main')
  writeFileSync(file, printLock(ours))
  git('commit', '-am', 'ours')
  try {
    git('merge', 'theirs')
  } catch {
    // A conflict.
  }
  return readFileSync(file, 'utf8')
}

const base = lockOf({ app: [line('0001')], billing: [line('0001')], images: [line('0001')] })
const withLine = (owner: string, name: string): LockFile => ({
  packages: base.packages.map((each) => (each.name === owner ? { ...each, lines: [...each.lines, line(name)] } : each)),
})

describe('two branches', () => {
  it('that touch different packages are merged by Git', () => {
    const merged = understand(gitMerge(base, withLine('app', '0002'), withLine('images', '0002')), false)
    expect(merged.problems).toEqual([])
    expect(merged.lock && printLock(merged.lock)).toBe(
      printLock(mergeLocks(withLine('app', '0002'), withLine('images', '0002'))),
    )
  })

  it.each(['merge', 'diff3'] as const)('that add to one package meet, and both keep their lines (%s)', (style) => {
    const text = gitMerge(base, withLine('app', '0002_ours'), withLine('app', '0002_theirs'), style)
    const found = understand(text, false)
    expect(found.lock).toBeUndefined()
    expect(found.problems[0]).toMatchObject({ kind: 'conflict' })
    const { lock, problems } = understand(text, true)
    expect(problems).toEqual([])
    expect(lock?.packages[0]?.lines.map(({ name }) => name)).toEqual(['0001', '0002_ours', '0002_theirs'])
  })

  it('are left to people where the marks do not follow each other, or a side cannot be read', () => {
    const text = gitMerge(base, withLine('app', '0002_ours'), withLine('app', '0002_theirs'))
    for (const broken of [
      text.replace(/^=======\n/m, ''),
      text.replace(/^>{7}.*\n/m, ''),
      text.replace('  0002_theirs', '  ?'),
    ])
      expect(understand(broken, true).lock).toBeUndefined()
    expect(sidesOf('<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> a\n')).toBeUndefined()
  })
})

describe('a line of both sides', () => {
  const merged = (
    ours: Parameters<typeof line>[1],
    theirs: Parameters<typeof line>[1],
  ): ReturnType<typeof line> | undefined =>
    mergeLocks(lockOf({ app: [line('x', ours)] }), lockOf({ app: [line('x', theirs)] })).packages[0]?.lines[0]
  const [old, one, other] = [hash('old'), hash('one'), hash('other')]

  it('is the one that accepted the other', () => {
    const accepted = { hash: one, accepted: [old] }
    expect(merged({ hash: old }, accepted)).toMatchObject(accepted)
    expect(merged(accepted, { hash: old })).toMatchObject(accepted)
  })

  it('knows what either of them accepted, also what it accepted last', () => {
    expect(merged({ hash: one, accepted: [old] }, { hash: other, accepted: [old, hash('older')] })).toMatchObject({
      hash: one,
      accepted: [other, old, hash('older')],
    })
    expect(merged({ hash: one, accepted: [old] }, { hash: other })).toMatchObject({ hash: one, accepted: [old] })
    expect(merged({ hash: one }, { hash: other, accepted: [old] })).toMatchObject({ hash: one, accepted: [other, old] })
  })

  it('has the higher number of a repeatable, and one more where both changed it', () => {
    expect(merged({ revision: 2, hash: one }, { revision: 3, hash: other })).toMatchObject({ revision: 3, hash: other })
    expect(merged({ revision: 3, hash: one }, { revision: 3, hash: other })).toMatchObject({ revision: 4, hash: one })
    expect(merged({ revision: 3, hash: one }, { revision: 3, hash: one })).toMatchObject({ revision: 3, hash: one })
  })

  it('is retired where one of them retired it', () => {
    expect(merged({ retired: true }, {})).toMatchObject({ retired: true })
    expect(merged({}, { retired: true })).toMatchObject({ retired: true })
    expect(merged({}, {})?.retired).toBeUndefined()
  })
})
