import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { testAdapter } from '../../dist/testing.js'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'

// Where the test started a server of its own, it ends with it.
useDatabases()
process.env['TESTING_MARIADB'] = mariadbUrl

const folder = mkdtempSync(join(tmpdir(), 'testing-mutants-'))
process.env['TESTING_FOLDER'] = folder
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => {
  delete process.env['MUTANT']
})

/** Names of the cases that tell of the mutant, of those whose name begins with `group`. */
async function failing(mutant: string, group: string): Promise<readonly string[]> {
  process.env['MUTANT'] = mutant
  // A module is imported once for each URL, and the mutant is chosen when it is.
  const url = new URL(`./mutants.fixture.mjs?${mutant}`, import.meta.url)
  const failed: string[] = []
  for (const { name, run } of await testAdapter(url, { processes: 3, wait: 10_000 })) {
    if (!name.startsWith(group)) continue
    try {
      await run()
    } catch {
      failed.push(name)
    }
  }
  return failed
}

it('an append that overwrites is found out', async () => {
  expect(await failing('overwriting', 'log:')).toEqual([
    'log: refuses a serial that is taken with all that is appended beside it, and a gap',
    'log: of several processes that append at one serial, one does',
  ])
})

it('an entry that follows its effect is found out', async () => {
  expect(await failing('markerLast', 'begin:')).toContain(
    'begin: neither effect nor entry is there after rollback, which may be called again',
  )
  expect(await failing('markerLast', 'run: killed')).toEqual([
    'run: killed before its calls, each in turn, and followed by another, leaves each effect once',
    'run: killed after its calls, each in turn, and followed by another, leaves each effect once',
  ])
})

it('a unit without an entry that is no transaction is found out', async () => {
  const name = 'unrecorded: the effect is there after commit and not after rollback, and no log is made'
  expect(await failing('unrecordedAlone', name)).toEqual([name])
})

it.skipIf(mariadbUrl === undefined)('a rollback that leaves what was done is found out', async () => {
  const name = 'direct: what a transaction did is there after commit, with its entry, and not after rollback'
  expect(await failing('rolledOn', name)).toEqual([name])
})

it('a lease that is swapped without a comparison is found out', async () => {
  expect(await failing('uncompared', 'lease:')).toEqual([
    'lease: is not there before it is first written, and reading creates nothing',
    'lease: is swapped for exactly what is expected',
    'lease: of several processes that swap it at once at most one does',
  ])
})

it('a lock that is granted twice is found out', async () => {
  expect(await failing('grantedTwice', 'lock:')).toEqual([
    'lock: of several processes that try at once one gets it, and when it lets go another may',
    'lock: belongs to one session, also within a process, until that gives it back or is closed',
    'lock: is free again when the process that holds it is gone',
  ])
})

it('a lock that is not released is found out', async () => {
  expect(await failing('notReleased', 'lock:')).toEqual([
    'lock: of several processes that try at once one gets it, and when it lets go another may',
    'lock: belongs to one session, also within a process, until that gives it back or is closed',
  ])
})

it('a lease that everybody has at once is found out: more than one does the work', async () => {
  expect(await failing('leasedToAll', 'none: of several')).toHaveLength(1)
})

it('a storage that says too early that it is done is found out', async () => {
  expect(await failing('late', 'none: what is done')).toHaveLength(1)
  expect(await failing('late', 'none: killed after')).toHaveLength(1)
})
