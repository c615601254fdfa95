import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stampOf } from '../../../src/scan/cache/stamp.ts'
import { scan } from '../../../src/scan/scan.ts'
import type { ScanResult } from '../../../src/scan/result.ts'
import { migration, pkg, prefixed, scanned, tree, write } from '../tree.ts'
import { APP, kept, scanLater } from './kept.ts'

const NAMES = ['packages', 'migrations'] as const

/** Every path in a value, as a list of keys; the value itself is the first. */
function placesIn(value: unknown): readonly (readonly number[])[] {
  const places: (readonly number[])[] = [[]]
  for (const place of places) {
    const at = valueAt(value, place)
    if (Array.isArray(at)) for (const index of at.keys()) places.push([...place, index])
  }
  return places
}

function valueAt(value: unknown, place: readonly number[]): unknown {
  return place.reduce<unknown>((at, index) => (Array.isArray(at) ? at[index] : undefined), value)
}

function replaced(value: unknown, [index, ...rest]: readonly number[], other: unknown): unknown {
  if (index === undefined) return other
  return Array.isArray(value) ? value.map((each, at) => (at === index ? replaced(each, rest, other) : each)) : value
}

function pathsOf({ packages, migrations, watch }: ScanResult): readonly string[] {
  const files = migrations.flatMap((each) => each.files.flatMap(({ file, down }) => (down ? [file, down] : [file])))
  return [...packages.flatMap(({ root, folder }) => [root, folder ?? root]), ...files, ...watch.files, ...watch.folders]
}

const HOSTILE = fc.oneof(
  fc.constantFrom<unknown>(
    '..',
    '../..',
    '../outside',
    '../outside/migrations/1.js',
    'node_modules/../../outside',
    'node_modules/billing/../../../outside',
    '/etc',
    'C:\\x',
    '\0',
    '',
    '.',
    '__proto__',
    'constructor',
    -1,
    1e9,
    0.5,
    [[['x']]],
    { __proto__: { x: 1 }, length: 3 },
  ),
  fc.jsonValue(),
)

describe('what others wrote in place of what was kept', () => {
  scanLater()

  it.each<{ name: string; damaged: (text: string) => string }>([
    { name: 'nothing', damaged: () => '' },
    { name: 'null', damaged: () => 'null' },
    { name: 'an empty list', damaged: () => '[]' },
    { name: 'other data', damaged: () => '[1,2]' },
    { name: 'no text', damaged: () => '\0'.repeat(100) },
    { name: 'too deep', damaged: () => '['.repeat(100_000) },
    { name: 'half of it', damaged: (text) => text.slice(0, -200) },
  ])('is left out where it is $name', async ({ damaged }) => {
    const root = tree(APP)
    const first = await scanned(root)
    for (const name of NAMES) writeFileSync(kept(root, name), damaged(readFileSync(kept(root, name), 'utf8')))
    expect(await scanned(root)).toEqual(first)
  })

  it.each([
    { name: 'a root', link: null },
    { name: 'a link', link: '../outside/node_modules/billing' },
    { name: 'a link that is there', link: 'node_modules/billing' },
  ])('leads nowhere that no package is found: $name', async ({ link }) => {
    const folder = tree({
      ...prefixed('app/', APP),
      ...prefixed('outside/', { 'package.json': pkg('billing', { migrations: 'migrations' }), 'migrations/1.js': '' }),
      'outside/node_modules/billing': { link: 'outside' },
    })
    const root = `${folder}/app`
    const first = await scanned(root)
    const file = kept(root, 'packages')
    const [key, [install, folders, [app, billing, ...others]]] = JSON.parse(readFileSync(file, 'utf8')) as [
      string,
      [string, unknown, [unknown, unknown[], ...unknown[]]],
    ]
    expect(billing.slice(0, 3)).toEqual(['billing', '1.0.0', 'node_modules/billing'])
    const stamp = stampOf(`${folder}/outside/package.json`)?.text
    const forged = [...billing.slice(0, 2), '../outside', stamp, true, 0, link, ...billing.slice(7)]
    writeFileSync(file, JSON.stringify([key, [install, folders, [app, forged, ...others]]]))
    expect(await scanned(root)).toEqual(first)
  })

  it('ends no scan and leads out of no package, whatever of it is replaced', async () => {
    const folder = tree({
      'outside/package.json': pkg('outside', { migrations: 'migrations' }),
      'outside/migrations/1.js': migration(),
      'outside/node_modules/x/package.json': pkg('outside', { migrations: 'migrations' }),
    })
    const root = `${realpathSync(folder)}/app`
    mkdirSync(root)
    write(root, APP)
    await scanned(root)
    const texts = new Map(NAMES.map((name) => [name, readFileSync(kept(root, name), 'utf8')]))
    const values = new Map([...texts].map(([name, text]) => [name, JSON.parse(text) as unknown]))
    const cases = NAMES.flatMap((name) => placesIn(values.get(name)).map((place) => ({ name, place })))
    expect(cases.length).toBeGreaterThan(100)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), HOSTILE, async ({ name, place }, value) => {
        for (const [each, text] of texts) writeFileSync(kept(root, each), text)
        writeFileSync(kept(root, name), JSON.stringify(replaced(values.get(name), place, value)))
        const result = await scan({ root })
        expect(pathsOf(result).filter((path) => path !== root && !path.startsWith(`${root}/`))).toEqual([])
        expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
      }),
      { numRuns: 150 },
    )
  })
})
