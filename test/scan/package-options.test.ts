import { describe, expect, it } from 'vitest'
import { ids, migration, pkg, prefixed, tree } from './tree.ts'

describe('what the application says of a package', () => {
  it('names the folder that counts where the application names another one', async () => {
    const field = { migrations: { path: 'dist', source: 'src' } }
    const other = { 'src/source.js': migration(), 'other/named.js': migration() }
    const root = tree({
      'package.json': pkg('app', { ...field, dependencies: { library: '1' } }),
      ...other,
      'packages/library/package.json': pkg('library', field),
      ...prefixed('packages/library/', other),
      'node_modules/library': { link: 'packages/library' },
    })
    const library = { path: 'other' }
    expect(await ids(root)).toEqual(['library:source', 'app:source'])
    expect(await ids(root, { path: 'other', packages: { library } })).toEqual(['library:named', 'app:named'])
    const both = { ...library, source: 'src' }
    expect(await ids(root, { packages: { library: both, app: both } })).toEqual(['library:source', 'app:source'])
  })
})
