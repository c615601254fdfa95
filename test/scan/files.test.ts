import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNatural } from '../../src/scan/natural-order.ts'
import { scan } from '../../src/scan/scan.ts'
import { app, ids, migration, pkg, scanned, tree } from './tree.ts'

describe('which files count', () => {
  it('goes by their names', async () => {
    const root = app({
      ...Object.fromEntries(['1.js', '2.ts', '3.mjs', '4.mts', 'deep/er/5.js'].map((name) => [name, migration()])),
      '6.cjs': `exports.uses = { db: 'sql' }\nexports.up = () => {}`,
      '7.sql': 'select 1',
      '7.down.sql': 'select 0',
      '8.sqlite.sql': 'select 1',
      '8.sqlite.down.sql': 'select 0',
      '8.postgres.sql': 'select 1',
      ...Object.fromEntries(
        [
          '_helpers.ts',
          '_more/1.js',
          'deep/_1.js',
          '.hidden.js',
          '.git/1.js',
          'x.d.ts',
          'x.test.ts',
          'x.spec.sql',
          'index.js',
          'deep/index.mts',
          'README.md',
          'data.json',
          'node_modules/x/1.js',
          'map.js.map',
        ].map((name) => [name, 'not a migration {']),
      ),
    })
    const { migrations } = await scanned(root)
    expect(migrations.map(({ id, format, moduleFormat }) => [id, format, moduleFormat])).toEqual([
      ['app:1', 'module', 'esm'],
      ['app:2', 'module', 'esm'],
      ['app:3', 'module', 'esm'],
      ['app:4', 'module', 'esm'],
      ['app:6', 'module', 'cjs'],
      ['app:7', 'sql', 'esm'],
      ['app:8', 'sql', 'esm'],
      ['app:deep/er/5', 'module', 'esm'],
    ])
    const files = Object.fromEntries(migrations.map((each) => [each.id, each.files]))
    expect(files['app:7']).toEqual([{ file: `${root}/migrations/7.sql`, down: `${root}/migrations/7.down.sql` }])
    expect(files['app:8']).toEqual([
      { file: `${root}/migrations/8.postgres.sql`, dialect: 'postgres' },
      { file: `${root}/migrations/8.sqlite.sql`, dialect: 'sqlite', down: `${root}/migrations/8.sqlite.down.sql` },
    ])
    const has = Object.fromEntries(migrations.map((each) => [each.id, each.has]))
    expect(has).toMatchObject({ 'app:7': ['up', 'down'], 'app:8': ['up'] })
  })

  it('takes a file that is linked inside the package, by its real path', async () => {
    const root = tree({
      'package.json': pkg('app'),
      'shared/real.js': migration(),
      'migrations/1.js': { link: 'shared/real.js' },
    })
    const [only] = (await scanned(root)).migrations
    expect(only).toMatchObject({ id: 'app:1', files: [{ file: `${root}/shared/real.js` }] })
  })

  it('reads the format of a module like Node: extension, syntax, type', async () => {
    const cjs = `exports.uses = { db: 'sql' }\nexports.up = () => {}`
    const root = tree({
      'package.json': '{ "name": "app" }',
      'migrations/1.js': cjs,
      'migrations/2.js': migration(),
      'migrations/3/package.json': '{ "type": "module" }',
      'migrations/3/a.js': migration(),
      'migrations/3/b.cjs': cjs,
      'migrations/4.ts': migration(),
    })
    const { migrations } = await scanned(root)
    expect(migrations.map(({ moduleFormat }) => moduleFormat)).toEqual(['cjs', 'esm', 'esm', 'cjs', 'esm'])
  })

  it('ends in loops of links, and goes down folders of any depth', async () => {
    const root = app({
      '1.js': migration(),
      'loop/again': { link: 'migrations' },
      [`${'d/'.repeat(400)}_helper.js`]: '',
      [`${'e/'.repeat(90)}2.js`]: migration(),
    })
    const { diagnostics } = await scan({ root })
    expect(diagnostics).toMatchObject([{ code: 'MIG_B0212', severity: 'warning' }])
    expect(diagnostics[0]?.message).toContain(`${root}/migrations/loop/again is a link to a folder`)
  })

  it('finds 10,000 in one package', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => String(index))
    const root = app(
      Object.fromEntries(
        names.map((name, index) => (index % 2 ? [`${name}.sql`, `select ${name}`] : [`${name}.js`, migration()])),
      ),
    )
    expect(await ids(root)).toEqual(names.map((name) => `app:${name}`))
  })
})

describe('the order of names', () => {
  it('reads leading numbers as integers, segment by segment', () => {
    const sorted = [
      '1',
      '01_a',
      '1_b',
      '2/10',
      '2/9/x',
      '10',
      '10_a',
      '18446744073709551616',
      '18446744073709551617',
      'A',
      'a',
      'a/b',
    ]
    // `2/9/x` comes before `2/10`: each segment counts on its own.
    const expected = [
      '1',
      '01_a',
      '1_b',
      '2/9/x',
      '2/10',
      '10',
      '10_a',
      '18446744073709551616',
      '18446744073709551617',
      'A',
      'a',
      'a/b',
    ]
    expect(sorted.toReversed().toSorted(compareNatural)).toEqual(expected)
  })

  it('is a total order', () => {
    const name = fc.stringMatching(/^[0-9a]{0,3}[_/]?[0-9a]{0,2}$/)
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0)
        expect(compareNatural(a, b) === 0).toBe(a === b)
        if (compareNatural(a, b) < 0 && compareNatural(b, c) < 0) expect(compareNatural(a, c)).toBeLessThan(0)
      }),
    )
  })
})
