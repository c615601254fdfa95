import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { testAdapter } from '../../dist/testing.js'
import { useCases } from './use-cases.ts'

const folder = mkdtempSync(join(tmpdir(), 'testing-'))
process.env['TESTING_FOLDER'] = folder
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fixture = (name: string): URL => new URL(`./${name}.fixture.mjs`, import.meta.url)

// `each-call.soak.ts` kills at each call, and has more processes.
useCases('better-sqlite3', { killEvery: 8 })
useCases('files', { killEvery: 19 })
useCases('json-file', { processes: 4, killEvery: 19 })
useCases('memory')
useCases('pglite')
useCases('remote', { killEvery: 13 })

describe('the cases follow the capabilities', () => {
  it.each([
    ['better-sqlite3', ['begin', 'classify', 'lease', 'log', 'run', 'unrecorded']],
    ['files', ['classify', 'deferred', 'lease', 'lock', 'log', 'run']],
    ['memory', ['classify', 'deferred', 'lease', 'lock', 'log', 'run']],
    ['remote', ['lease', 'none']],
  ])('of %s', async (name, groups) => {
    const cases = await testAdapter(fixture(name))
    expect([...new Set(cases.map((one) => one.name.split(':')[0]))].toSorted()).toEqual(groups)
  })

  it('nobody is killed where no other process can reach the storage', async () => {
    const [reached, own] = await Promise.all(['json-file', 'memory'].map((name) => testAdapter(fixture(name))))
    const killed = ['run: killed before', 'run: killed after', 'lock: is free again']
    const found = (cases = reached): readonly string[] =>
      killed.filter((start) => cases?.some(({ name }) => name.startsWith(start)))
    expect([found(), found(own)]).toEqual([killed, []])
  })
})
