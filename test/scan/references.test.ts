import { expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { ids, migration, pkg, tree, write } from './tree.ts'

it('waits for a package that its owner lists as optional, and counts the edge when the package comes', async () => {
  const root = tree({
    'package.json': pkg('app', { dependencies: { plugin: '1' }, devDependencies: { extra: '1' } }),
    'node_modules/plugin/package.json': pkg('plugin', {
      migrations: 'db',
      peerDependencies: { extra: '1' },
      peerDependenciesMeta: { extra: { optional: true } },
    }),
    'node_modules/plugin/db/1.js': migration(`export const dependsOn = ['extra:1'], runBefore = ['extra:2']`),
  })
  expect(await ids(root)).toEqual(['plugin:1'])
  write(root, {
    'node_modules/extra/package.json': pkg('extra', { migrations: 'db' }),
    'node_modules/extra/db/1.js': migration(),
    'node_modules/extra/db/2.js': migration(),
  })
  expect(await ids(root)).toEqual(['extra:1', 'plugin:1', 'extra:2'])
})

it('does not report what only follows from another problem', async () => {
  const root = tree({
    'package.json': pkg('app', { dependencies: { library: '1' } }),
    'node_modules/library/package.json': pkg('library', { migrations: 'gone' }),
    'migrations/1.js': 'export const uses = [',
    'migrations/2.js': migration(`export const parents = ['1'], dependsOn = ['app:1', 'library:7']`),
  })
  const { diagnostics } = await scan({ root })
  expect(diagnostics.map(({ code }) => code)).toEqual(['MIG_B0204', 'MIG_B0301'])
})

it('orders by declared edges across packages, and by runBefore against the direction of npm', async () => {
  const root = tree({
    'package.json': pkg('app', { dependencies: { library: '1' } }),
    'node_modules/library/package.json': pkg('library', { migrations: 'db' }),
    'node_modules/library/db/1.js': migration(),
    'node_modules/library/db/2.sql': '-- uses: db\n-- dependsOn: app:1\nselect 1',
    'migrations/1.js': migration(`export const dependsOn = ['library@base']`),
    'migrations/2.js': migration(),
  })
  expect(await ids(root)).toEqual(['library:1', 'app:1', 'library:2', 'app:2'])
})
