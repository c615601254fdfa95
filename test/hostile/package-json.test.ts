import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Content, migration, pkg, tree } from '../scan/tree.ts'
import { attack } from './attack.ts'

/** In a process of its own, since what waits for a file can only be killed. */
const SCAN = `
import { scan } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist/scan/scan.js')).href)}
const { diagnostics } = await scan({ root: process.argv[1] })
process.stdout.write(JSON.stringify(diagnostics.map(({ code }) => code)))
`

/** An application that depends on a package with this text as its package.json, and has a migration of its own. */
function beside(text: string): Readonly<Record<string, Content>> {
  return {
    'package.json': pkg('app', { dependencies: { library: '1' } }),
    'migrations/1.js': migration(),
    'node_modules/library/package.json': text,
    'node_modules/library/db/1.js': migration(),
  }
}

const withField = (json: string): string =>
  `{ "name": "library", "version": "1.0.0", "type": "module", "unplugin-migrations": ${json} }`

/** Fields of no shape that counts. As the name is ours alone, each is an error; as `migrations` it would be another tool's. */
const SHAPES = [
  'null',
  'true',
  '7',
  '""',
  '[]',
  '{}',
  '["db"]',
  '{ "path": { "toString": "db" } }',
  '{ "path": ["db"] }',
  '{ "__proto__": { "path": "db" } }',
  '{ "constructor": { "prototype": { "polluted": 1 } } }',
  '{ "path": "db", "uses": ["sql"] }',
  '{ "path": "db", "uses": { "db": { "sql": 1 } } }',
  '{ "path": "db", "formerly": { "length": 1000000000 } }',
  '{ "path": "db", "formerly": [["a"]] }',
  '{ "path": "db", "id": { "polluted": 1 } }',
  '{ "path": "db", "&anchor": "*anchor" }',
]

describe('H14 the field of a package.json', () => {
  it.each(SHAPES)('of the wrong shape: %s', async (field) => {
    const { codes, ids } = await attack(beside(withField(field)))
    expect({ codes, ids }).toEqual({ codes: ['MIG_B0203'], ids: [] })
  })

  it('with a prototype in its map of roles', async () => {
    const { codes } = await attack(beside(withField('{ "path": "db", "uses": { "__proto__": "sql" } }')))
    expect(codes).toEqual(['MIG_B0307'])
  })

  it.each([
    ['a list in a list in a list', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['an object in an object', '{"path":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['a list of a hundred thousand', `[${'"db",'.repeat(100_000)}"db"]`],
    ['a hundred thousand fields', `{ ${Array.from({ length: 100_000 }, (_, each) => `"f${each}": 1`).join()} }`],
    ['a hundred thousand names', `{ "path": "db", "formerly": [${'"a",'.repeat(100_000)}"a"] }`],
  ])('that is %s', async (_, field) => {
    expect((await attack(beside(withField(field)))).codes).toEqual(['MIG_B0203'])
  })

  it('with a text of a megabyte', async () => {
    const { codes, text } = await attack(beside(withField(`"${'x'.repeat(1_000_000)}"`)))
    expect(codes).toEqual(['MIG_B0204'])
    expect(text.length).toBeLessThan(10_000)
  })
})

describe('H14 the rest of a package.json', () => {
  it.each([
    ['', 'MIG_B0202'],
    ['null', 'MIG_B0202'],
    ['[]', 'MIG_B0202'],
    ['"text"', 'MIG_B0202'],
    ['{', 'MIG_B0202'],
    ['{} {}', 'MIG_B0202'],
    ["{ 'name': 1 }", 'MIG_B0202'],
    ['{ "\u001b[2J', 'MIG_B0202'],
    ['\0', 'MIG_B0202'],
    ['#!/usr/bin/env node', 'MIG_B0202'],
  ])('that is no JSON object: %j', async (text, code) => {
    expect((await attack(beside(text))).codes).toEqual([code])
  })

  it.each([
    '{ "name": { "a": 1 }, "version": ["1"], "dependencies": "library" }',
    '{ "name": 7, "dependencies": ["a"], "optionalDependencies": null, "peerDependenciesMeta": [1] }',
    '{ "dependencies": { "library": { "toString": 1 } } }',
    `{ "name": "library", "deep": ${'['.repeat(100_000)}${']'.repeat(100_000)} }`,
    `{ "dependencies": { ${Array.from({ length: 20_000 }, (_, each) => `"d${each}": "1"`).join()} } }`,
  ])('of other types than npm writes: %.60s', async (text) => {
    expect(await attack(beside(text))).toMatchObject({ codes: [], ids: ['app:1'] })
  })

  it.skipIf(process.platform === 'win32')('that is a pipe into which nobody writes', () => {
    const root = tree(beside(''))
    const file = join(root, 'node_modules/library/package.json')
    execFileSync('rm', [file])
    execFileSync('mkfifo', [file])
    const parameters = ['--input-type=module', '--eval', SCAN, root]
    const codes = execFileSync(process.execPath, parameters, { encoding: 'utf8', timeout: 20_000 })
    expect(JSON.parse(codes)).toEqual(['MIG_B0202'])
  })
})
