import { describe, expect, it } from 'vitest'
import type { ScanOptions } from '../../src/scan/options.ts'
import { app, ids, migration, pkg, prefixed, problem, tree } from './tree.ts'

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

  it.each([
    [{ path: 5 }, '`path` is not a text'],
    [{ uses: null }, '`uses` does not map roles to kinds'],
    [{ formerly: 'x' }, '`formerly` is not a list of names'],
    [{ version: 1 }, '`version` is not a text'],
    [{ pth: 'x' }, '`pth` is not one of path'],
    [true, 'it is neither `false` nor an object with fields'],
  ])('is refused where it has no meaning: %j', async (option, reason) => {
    // As a lock file may hold them.
    const options = JSON.parse(JSON.stringify({ packages: { app: option } })) as Partial<ScanOptions>
    const { code, message } = await problem(app({ '1.js': migration() }), options)
    expect(code).toBe('MIG_B0207')
    expect(message).toContain(`The option \`packages\` cannot be followed for app: ${reason}`)
  })

  it('counts for nothing where it is not defined', async () => {
    const undefinedPath = { path: undefined } as unknown as { readonly path: string }
    expect(await ids(app({ '1.js': migration() }), { packages: { app: undefinedPath } })).toEqual(['app:1'])
  })
})
