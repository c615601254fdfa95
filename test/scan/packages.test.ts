import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Content, ids, migration, pkg, prefixed, problem, scanned, tree, write } from './tree.ts'

/** A package that brings one migration, below a prefix. */
function carrier(at: string, name: string, fields: object = {}): Readonly<Record<string, Content>> {
  return prefixed(`${at}/`, {
    'package.json': pkg(name, { migrations: 'migrations', ...fields }),
    'migrations/0001_init.js': migration(),
  })
}

describe('layouts', () => {
  it('finds hoisted and nested packages of npm, and goes through those that bring nothing', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { a: '1', middle: '1' } }),
      'migrations/1.js': migration(),
      ...carrier('node_modules/a', 'a', { dependencies: { nested: '1' } }),
      ...carrier('node_modules/a/node_modules/nested', 'nested', { dependencies: { hoisted: '1' } }),
      'node_modules/middle/package.json': pkg('middle', { dependencies: { '@scope/deep': '1' } }),
      ...carrier('node_modules/@scope/deep', '@scope/deep'),
      ...carrier('node_modules/hoisted', 'hoisted'),
      ...carrier('node_modules/stranger', 'stranger'),
    })
    const result = await scanned(root)
    expect(result.migrations.map(({ id }) => id)).toEqual([
      '@scope/deep:0001_init',
      'hoisted:0001_init',
      'nested:0001_init',
      'a:0001_init',
      'app:1',
    ])
    const chains = Object.fromEntries(result.packages.map(({ name, chain }) => [name, chain]))
    expect(chains).toEqual({
      app: [],
      a: ['app'],
      nested: ['app', 'a'],
      hoisted: ['app', 'a', 'nested'],
      '@scope/deep': ['app', 'middle'],
    })
    expect(result.packages.find(({ name }) => name === 'a')?.linked).toBe(false)
  })

  it('finds the isolated packages of pnpm through their links', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { a: '1' } }),
      ...carrier('node_modules/.pnpm/a@1.0.0/node_modules/a', 'a', { dependencies: { '@scope/b': '1' } }),
      ...carrier('node_modules/.pnpm/@scope+b@1.0.0/node_modules/@scope/b', '@scope/b', {
        peerDependencies: { a: '1' },
      }),
      'node_modules/.pnpm/a@1.0.0/node_modules/@scope/b': {
        link: 'node_modules/.pnpm/@scope+b@1.0.0/node_modules/@scope/b',
      },
      'node_modules/.pnpm/@scope+b@1.0.0/node_modules/a': { link: 'node_modules/.pnpm/a@1.0.0/node_modules/a' },
      'node_modules/a': { link: 'node_modules/.pnpm/a@1.0.0/node_modules/a' },
    })
    // They depend on each other, so their names decide.
    expect(await ids(root)).toEqual(['@scope/b:0001_init', 'a:0001_init'])
  })

  it('takes copies of one version for one package', async () => {
    const copy = 'node_modules/.pnpm/shared@1.0.0_peer@2/node_modules/shared'
    const root = tree({
      'package.json': pkg('app', { dependencies: { a: '1', shared: '1' } }),
      ...carrier('node_modules/shared', 'shared'),
      'node_modules/a/package.json': pkg('a', { dependencies: { shared: '1' } }),
      ...carrier(copy, 'shared'),
      'node_modules/a/node_modules/shared': { link: copy },
    })
    expect(await ids(root)).toEqual(['shared:0001_init'])
  })

  it('follows workspace links, with devDependencies of the root and of private packages only', async () => {
    const root = tree({
      'package.json': pkg('workspace', { private: true, workspaces: ['packages/*'] }),
      'packages/app/package.json': pkg('app', {
        private: true,
        dependencies: { images: '*' },
        devDependencies: { seeds: '*' },
      }),
      ...carrier('packages/images', 'images', {
        private: true,
        devDependencies: { tool: '1' },
        dependencies: { open: '*' },
      }),
      ...carrier('packages/open', 'open', { devDependencies: { hidden: '1' } }),
      ...carrier('packages/seeds', 'seeds'),
      ...carrier('node_modules/tool', 'tool', { devDependencies: { hidden: '1' } }),
      ...carrier('node_modules/hidden', 'hidden'),
      'node_modules/images': { link: 'packages/images' },
      'node_modules/open': { link: 'packages/open' },
      'node_modules/seeds': { link: 'packages/seeds' },
    })
    const result = await scanned(`${root}/packages/app`)
    expect(result.app).toEqual({ name: 'app', root: `${root}/packages/app` })
    const linked = Object.fromEntries(result.packages.map((each) => [each.name, each.linked]))
    expect(linked).toEqual({ images: true, open: true, seeds: true, tool: false })
    expect(result.packages.find(({ name }) => name === 'images')?.root).toBe(`${root}/packages/images`)
  })

  it('follows file: links out of the project', async () => {
    const outside = tree(carrier('library', 'library', { dependencies: { own: '1' } }))
    write(outside, carrier('library/node_modules/own', 'own'))
    const root = tree({ 'package.json': pkg('app', { dependencies: { library: 'file:../library' } }) })
    write(root, { 'node_modules/library': { link: `${outside}/library` } })
    expect(await ids(root)).toEqual(['own:0001_init', 'library:0001_init'])
  })

  it('knows aliases by the name of the package', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { alias: 'npm:real@1' } }),
      'migrations/1.js': migration(),
      ...carrier('node_modules/alias', 'real'),
    })
    expect(await ids(root)).toEqual(['real:0001_init', 'app:1'])
  })

  it('walks optional and installed peer dependencies, and no others', async () => {
    const root = tree({
      'package.json': pkg('app', {
        optionalDependencies: { optional: '1', absent: '1' },
        peerDependencies: { peer: '1', missing: '1' },
      }),
      ...carrier('node_modules/optional', 'optional'),
      ...carrier('node_modules/peer', 'peer'),
    })
    expect(await ids(root)).toEqual(['optional:0001_init', 'peer:0001_init'])
  })

  it('ends in cycles and diamonds of dependencies', async () => {
    const layers = 24
    const files: Record<string, Content> = { 'package.json': pkg('app', { dependencies: { a0: '1', b0: '1' } }) }
    for (let layer = 0; layer < layers; layer++)
      for (const side of ['a', 'b']) {
        const next = layer + 1 < layers ? layer + 1 : 0
        Object.assign(
          files,
          carrier(`node_modules/${side}${layer}`, `${side}${layer}`, {
            dependencies: { [`a${next}`]: '1', [`b${next}`]: '1' },
          }),
        )
      }
    expect(await ids(tree(files))).toHaveLength(layers * 2)
  })

  it('takes names of Object.prototype for names, and leads nowhere but into node_modules', async () => {
    const root = tree({
      'package.json': `{ "name": "app", "dependencies": { "__proto__": "1", "constructor": "1", "../outside": "1", "..": "1" } }`,
      'node_modules/__proto__/package.json': '{ "name": "__proto__", "dependencies": { "toString": "1" } }',
      ...carrier('node_modules/constructor', 'constructor'),
      ...carrier('node_modules/toString', 'toString'),
      ...carrier('outside', 'outside'),
      'migrations/constructor.js': migration(`export const dependsOn = ['toString:0001_init']`),
    })
    expect(await ids(root)).toEqual(['constructor:0001_init', 'toString:0001_init', 'app:constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('the application', () => {
  it('is the nearest package.json that is more than a marker', async () => {
    const root = tree({
      'package.json': pkg('app'),
      'server/package.json': '{ "type": "commonjs" }',
      'server/src/main.js': '',
      'migrations/1.js': migration(),
    })
    expect(await ids(`${root}/server/src`)).toEqual(['app:1'])
  })

  it('may have an id instead of a name, or beside it', async () => {
    const root = tree({ 'package.json': '{ "migrations": { "id": "shop" } }', 'migrations/1.mjs': migration() })
    const result = await scanned(root)
    expect(result.app.name).toBe('shop')
    expect(result.migrations.map(({ id }) => id)).toEqual(['shop:1'])
  })

  it('says in its options where its folder is', async () => {
    const root = tree({ 'package.json': pkg('app'), 'db/changes/1.js': migration(), 'migrations/2.js': migration() })
    expect(await ids(root, { path: 'db/changes' })).toEqual(['app:1'])
  })

  it('gives the same when it is reached through a link', async () => {
    const root = tree({ 'app/package.json': pkg('app'), 'app/migrations/1.js': migration() })
    symlinkSync(`${root}/app`, `${root}/link`)
    expect((await scanned(`${root}/link`)).app.root).toBe(`${root}/app`)
  })
})

describe('the field', () => {
  it('is read as unplugin-migrations before migrations', async () => {
    const root = tree({
      'package.json': pkg('app', {
        migrations: ['another tool'],
        'unplugin-migrations': { path: 'ours', formerly: ['shop'] },
      }),
      'ours/1.js': migration(`export const formerly = ['older:7']`),
    })
    const [only] = (await scanned(root)).migrations
    expect(only?.formerly).toEqual(['older:7', 'shop:1'])
  })

  it('names the folder of sources, which counts while the package is linked and the folder exists', async () => {
    const field = { migrations: { path: 'dist', source: 'src' } }
    const both = { 'package.json': pkg('library', field), 'dist/built.js': migration(), 'src/source.ts': migration() }
    const { 'src/source.ts': _, ...published } = both
    const dependencies = { library: '1' }
    const linked = tree({
      'package.json': pkg('app', { dependencies }),
      ...prefixed('library/', both),
      'node_modules/library': { link: 'library' },
    })
    expect(await ids(linked)).toEqual(['library:source'])
    const installed = tree({ 'package.json': pkg('app', { dependencies }), ...prefixed('node_modules/library/', both) })
    expect(await ids(installed)).toEqual(['library:built'])
    const bare = tree({
      'package.json': pkg('app', { dependencies }),
      ...prefixed('library/', published),
      'node_modules/library': { link: 'library' },
    })
    const result = await scanned(bare)
    expect(result.migrations.map(({ id }) => id)).toEqual(['library:built'])
    expect(result.watch.folders).toContain(`${bare}/library/src`)
  })

  it('of another shape is left alone, and told', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { other: '1' } }),
      'migrations/1.js': migration(),
      'node_modules/other/package.json': pkg('other', { migrations: { path: 'x', schematics: './collection.json' } }),
    })
    const { ignored } = await scanned(root)
    expect(ignored).toEqual([
      {
        package: 'other',
        file: `${root}/node_modules/other/package.json`,
        field: 'migrations',
        reason: '`schematics` is not one of path, source, format, uses, id, formerly',
      },
    ])
  })

  it('of another shape in a linked package is a warning at its place', async () => {
    const root = tree({
      'package.json': pkg('app', { migrations: { path: 'migrations', soruce: 'src' } }),
      'migrations/1.js': migration(),
    })
    const found = await problem(root)
    expect(found).toMatchObject({ code: 'MIG_B0203', severity: 'warning', sources: [{ line: 5, column: 17 }] })
  })
})

describe('the option packages', () => {
  const files = {
    'package.json': pkg('app', { dependencies: { foreign: '1', ours: '1' } }),
    'node_modules/foreign/package.json': pkg('foreign'),
    'node_modules/foreign/db/1.sql': 'select 1',
    ...carrier('node_modules/ours', 'ours'),
  }

  it('names migrations of a package without the field, and leaves packages out', async () => {
    const packages = { foreign: { path: 'db', uses: { store: 'sql' } }, ours: false } as const
    const [only, ...others] = (await scanned(tree(files), { packages })).migrations
    expect(others).toEqual([])
    expect(only).toMatchObject({ id: 'foreign:1', uses: { store: 'sql' }, format: 'sql' })
  })

  it('overrides the field', async () => {
    const root = tree({ ...files, 'node_modules/ours/other/2.js': migration() })
    expect(await ids(root, { packages: { ours: { path: 'other', id: 'renamed' } } })).toEqual(['renamed:2'])
  })

  it('V09 picks one of two versions', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { a: '1', shared: '1' } }),
      'node_modules/a/package.json': pkg('a', { dependencies: { shared: '2' } }),
      ...carrier('node_modules/shared', 'shared'),
      ...carrier('node_modules/a/node_modules/shared', 'shared', { version: '2.0.0' }),
    })
    const found = await problem(root)
    expect(found.code).toBe('MIG_B0206')
    expect(found.message).toContain(`shared@1.0.0 in ${root}/node_modules/shared (brought in by app)`)
    expect(found.message).toContain(
      `shared@2.0.0 in ${root}/node_modules/a/node_modules/shared (brought in by app → a)`,
    )
    expect(found.fix).toContain(`packages: { 'shared': { version: '2.0.0' } }`)
    const [only] = (await scanned(root, { packages: { shared: { version: '2.0.0' } } })).migrations
    expect(only?.version).toBe('2.0.0')
  })

  it('does not mind a second version that brings none', async () => {
    const root = tree({
      'package.json': pkg('app', { dependencies: { a: '1', shared: '1' } }),
      'node_modules/a/package.json': pkg('a', { dependencies: { shared: '2' } }),
      ...carrier('node_modules/shared', 'shared'),
      'node_modules/a/node_modules/shared/package.json': pkg('shared', { version: '0.1.0' }),
    })
    expect(await ids(root)).toEqual(['shared:0001_init'])
  })
})
