import { describe, expect, it } from 'vitest'
import { type Content, migration, pkg } from '../scan/tree.ts'
import { attack } from './attack.ts'

/** An application with a package whose field this is. */
function brings(field: unknown, files: Readonly<Record<string, Content>> = {}): Readonly<Record<string, Content>> {
  return {
    'package.json': pkg('app', { dependencies: { library: '1' } }),
    'node_modules/library/package.json': pkg('library', { migrations: field }),
    'node_modules/library/db/1.js': migration(),
    ...files,
  }
}

const OUTSIDE = [
  '..',
  '../..',
  '../../../outside',
  'db/../../../../outside',
  'db/..',
  '.',
  './',
  '/etc',
  '//server/share',
  'C:\\Windows',
  'C:/Windows',
  'c:db',
  '\\\\server\\share',
  '..\\..\\..\\outside',
  'db\\..\\..',
  'file:///etc',
  'FILE:///etc',
  'http://localhost/db',
  'db\0',
]
/** Are only odd names of folders, which are not there. */
const ABSENT = ['%2e%2e/%2e%2e/%2e%2e/outside', '~/outside', '$HOME', '**/*', '{db,..}', '(a|b)*', ' db', '...', 'db\n']

describe('H02 paths that leave the package', () => {
  it.each(OUTSIDE)('as the folder: %j', async (path) => {
    expect((await attack(brings(path))).codes).toEqual(['MIG_B0205'])
    expect((await attack(brings({ path }))).codes).toEqual(['MIG_B0205'])
    expect((await attack({ 'migrations/1.js': migration() }, { path })).codes).toEqual(['MIG_B0205'])
  })

  it.each(ABSENT)('that are only names of folders: %j', async (path) => {
    expect((await attack(brings(path))).codes).toEqual(['MIG_B0204'])
  })

  it('as the source of a linked package', async () => {
    const files = {
      'package.json': pkg('app', { migrations: { path: 'db', source: '../outside' } }),
      'db/1.js': migration(),
    }
    expect((await attack(files)).codes).toEqual(['MIG_B0205'])
  })

  it('as the name of a dependency', async () => {
    const names = ['../outside', '..', '/etc', 'a/../../outside', '@a/../../outside', '.bin', 'C:\\', '@a', '']
    const dependencies = Object.fromEntries(names.map((name) => [name, '*']))
    const files = { 'package.json': pkg('app', { dependencies }), 'migrations/1.js': migration() }
    expect((await attack(files)).ids).toEqual(['app:1'])
  })

  it.each(['../../outside/1.js', '../../../etc/passwd', './../../outside/1.js', 'file:///etc/passwd'])(
    'as what a migration imports: %j',
    async (path) => {
      // Bundlers go there, as the code says: the scan does not, and says so.
      const { codes } = await attack({
        'server.js': 'export {}',
        'migrations/1.js': `${migration()}if (false) await import('${path}')`,
      })
      expect(codes).toEqual(['MIG_B0312'])
    },
  )
})

describe('H12 links', () => {
  it.each([
    ['a folder', { 'node_modules/library/out': { link: 'outside' } }, 'MIG_B0205'],
    ['a folder above', { 'node_modules/library/out': { link: 'app/node_modules' } }, 'MIG_B0205'],
    [
      'a folder that leads to itself',
      { 'node_modules/library/out': { link: 'app/node_modules/library/out' } },
      'MIG_B0204',
    ],
    ['nothing', { 'node_modules/library/out': { link: 'nowhere' } }, 'MIG_B0204'],
    ['a device', { 'node_modules/library/out': { link: '/dev/zero' } }, 'MIG_B0205'],
    ['a file', { 'node_modules/library/out/2.sql': { link: 'outside/1.sql' } }, 'MIG_B0205'],
    ['an endless file', { 'node_modules/library/out/2.sql': { link: '/dev/zero' } }, 'MIG_B0205'],
    [
      'a folder inside',
      { 'node_modules/library/out/1.js': migration(), 'node_modules/library/out/more': { link: 'outside' } },
      'MIG_B0205',
    ],
    [
      'its own folder',
      {
        'node_modules/library/out/1.js': migration(),
        'node_modules/library/out/loop': { link: 'app/node_modules/library/out' },
      },
      'MIG_B0212',
    ],
  ] as const)('to %s', async (_, files, code) => {
    const { codes, ids } = await attack(brings('out', files))
    expect(codes).toEqual([code])
    if (code !== 'MIG_B0212') expect(ids).toEqual([])
  })

  it('from what a migration imports: not read, and said', async () => {
    const { codes } = await attack({
      'server.js': 'export {}',
      'migrations/1.js': `import './_link.js'\n${migration()}`,
      'migrations/_link.js': { link: 'outside/1.js' },
    })
    expect(codes).toEqual(['MIG_B0312'])
  })

  it('inside the package count as what they lead to', async () => {
    const { codes, ids } = await attack(
      brings('db', {
        'node_modules/library/db/2.js': { link: 'app/node_modules/library/more.js' },
        'node_modules/library/more.js': migration(),
      }),
    )
    expect({ codes, ids }).toEqual({ codes: [], ids: ['library:1', 'library:2'] })
  })

  it('no file in place of a package.json, or of a migration', async () => {
    const { codes } = await attack({
      'package.json': pkg('app', { dependencies: { library: '1' } }),
      'node_modules/library/package.json/x': '',
      'migrations/1.js/x': '',
      'migrations/2.js': migration(),
    })
    expect(codes).toEqual(['MIG_B0202'])
  })
})
