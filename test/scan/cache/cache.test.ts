import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { scan } from '../../../src/scan/scan.ts'
import { migration, pkg, prefixed, scanned, tree, write } from '../tree.ts'
import { APP, kept, markKept, scanLater, usedOf } from './kept.ts'

/** Scans, marks what was kept, makes a change, and scans again. */
async function usedAfter(root: string, change: () => void): Promise<readonly string[]> {
  await scanned(root)
  markKept(root)
  change()
  return usedOf(await scanned(root))
}

const ALL = ['app', 'billing', 'walk']

describe('what a scan keeps for the next one', () => {
  scanLater()

  it('is used where nothing changed, and gives the same', async () => {
    const root = tree(APP)
    const first = await scanned(root)
    expect(await scanned(root)).toEqual(first)
    expect(await usedAfter(root, () => {})).toEqual(ALL)
  })

  it('holds no absolute path', async () => {
    const root = tree(APP)
    await scanned(root)
    for (const name of ['packages', 'migrations'] as const)
      expect(readFileSync(kept(root, name), 'utf8')).not.toContain(root)
  })

  it('sees a patch inside node_modules, whatever size and time it leaves', async () => {
    const root = tree(APP)
    const file = `${root}/node_modules/billing/migrations/0001_init.js`
    const { atime, mtime } = statSync(file)
    const used = await usedAfter(root, () => {
      writeFileSync(file, readFileSync(file, 'utf8').replace('{ db }) {}', '{ bd }) {}'))
      utimesSync(file, atime, mtime)
    })
    expect(used).toEqual(['app', 'walk'])
  })

  it('sees a patch that lets a package bring migrations', async () => {
    const root = tree(APP)
    await scanned(root)
    const file = `${root}/node_modules/plain/package.json`
    const { atime, mtime } = statSync(file)
    write(root, { 'node_modules/plain/migrations/1.js': migration() })
    rmSync(file)
    write(root, { 'node_modules/plain/package.json': pkg('plain', { migrations: 'migrations' }) })
    utimesSync(file, atime, mtime)
    expect((await scanned(root)).migrations.map(({ id }) => id)).toContain('plain:1')
  })

  it('sees a package that is linked, and what changes in it', async () => {
    const root = tree(APP)
    const own = tree({ 'package.json': pkg('billing', { migrations: 'migrations' }), 'migrations/own.js': migration() })
    const used = await usedAfter(root, () => {
      rmSync(`${root}/node_modules/billing`, { recursive: true })
      symlinkSync(own, `${root}/node_modules/billing`)
    })
    expect(used).toEqual(['app'])
    await scanned(root)
    write(own, {
      'migrations/second.js': migration(),
      'package.json': pkg('billing', { version: '2.0.0', migrations: 'migrations' }),
    })
    const { packages, migrations } = await scanned(root)
    expect(packages.find(({ name }) => name === 'billing')).toMatchObject({ version: '2.0.0', linked: true, root: own })
    expect(migrations.map(({ id }) => id)).toContain('billing:second')
  })

  it('sees a link that leads elsewhere, though the folder that it is in is as it was', async () => {
    const root = tree(APP)
    const [one, two] = ['one', 'two'].map((name) =>
      tree({ 'package.json': pkg('billing', { migrations: 'migrations' }), [`migrations/${name}.js`]: migration() }),
    )
    const middle = tree({ billing: { link: one ?? '' } })
    rmSync(`${root}/node_modules/billing`, { recursive: true })
    symlinkSync(`${middle}/billing`, `${root}/node_modules/billing`)
    await scanned(root)
    rmSync(`${middle}/billing`)
    symlinkSync(two ?? '', `${middle}/billing`)
    expect((await scanned(root)).migrations.map(({ id }) => id)).toContain('billing:two')
  })

  it.each<[string, (root: string, folder: string) => void]>([
    [
      'a link to a folder without package.json',
      (root, folder) => {
        mkdirSync(folder)
        symlinkSync(folder, `${root}/node_modules/late`)
      },
    ],
    ['a link to nothing', (root, folder) => symlinkSync(folder, `${root}/node_modules/late`)],
    ['a folder without package.json', (root) => mkdirSync(`${root}/node_modules/late`)],
  ])('sees a package that comes where there was %s', async (_, place) => {
    const root = tree({ ...APP, 'package.json': pkg('app', { dependencies: { billing: '1', late: '1' } }) })
    place(root, `${root}/late`)
    await scanned(root)
    const folder = lstatSync(`${root}/node_modules/late`).isSymbolicLink() ? 'late' : 'node_modules/late'
    write(`${root}/${folder}`, {
      'package.json': pkg('late', { migrations: 'migrations' }),
      'migrations/1.js': migration(),
    })
    expect((await scanned(root)).migrations.map(({ id }) => id)).toContain('late:1')
  })

  it('sees a file that comes where there was a folder of its name', async () => {
    const root = tree(APP)
    mkdirSync(`${root}/migrations/3.js`)
    await scanned(root)
    rmdirSync(`${root}/migrations/3.js`)
    write(root, { 'migrations/3.js': migration() })
    expect((await scanned(root)).migrations.map(({ id }) => id)).toContain('app:3')
  })

  it.each([
    [
      'an edited migration',
      ['billing', 'walk'],
      (root: string) => write(root, { 'migrations/1_init.js': migration('void 1') }),
    ],
    [
      'a migration that is added',
      ['billing', 'walk'],
      (root: string) => write(root, { 'migrations/3.js': migration() }),
    ],
    ['a migration that is removed', ['billing', 'walk'], (root: string) => rmSync(`${root}/migrations/2_more.sql`)],
    [
      'an edited helper',
      ['billing', 'walk'],
      (root: string) => write(root, { 'migrations/_sizes.js': 'export const size = 2' }),
    ],
    [
      'a file that an import finds first',
      ['billing', 'walk'],
      (root: string) => write(root, { 'migrations/_sizes.js.ts': '' }),
    ],
    [
      'a package.json among the migrations',
      ['billing', 'walk'],
      (root: string) => write(root, { 'migrations/package.json': '{ "type": "module" }' }),
    ],
    [
      'a lock file',
      ['app', 'billing'],
      (root: string) => write(root, { 'package-lock.json': '{ "lockfileVersion": 3 }' }),
    ],
    [
      'the mark of an install',
      ['app', 'billing'],
      (root: string) => write(root, { 'node_modules/.package-lock.json': '{}' }),
    ],
    [
      'a package that is nested in another',
      ['app', 'billing'],
      (root: string) =>
        write(root, { 'node_modules/plain/node_modules/billing/package.json': pkg('billing', { version: '0.9.0' }) }),
    ],
    [
      'a package that is added and not asked for',
      ['app', 'billing'],
      (root: string) => write(root, { 'node_modules/other/package.json': pkg('other') }),
    ],
    [
      'a dependency of the application',
      ['app', 'billing'],
      (root: string) => write(root, { 'package.json': pkg('app', { dependencies: { billing: '1' } }) }),
    ],
    [
      'a file of another tool beside the packages',
      ALL,
      (root: string) => write(root, { 'node_modules/.vite/deps.json': '{}' }),
    ],
    ['code that is no migration', ALL, (root: string) => write(root, { 'node_modules/plain/index.js': 'changed' })],
  ])('sees %s', async (_, used, change) => {
    const root = tree(APP)
    expect(await usedAfter(root, () => change(root))).toEqual(used)
    const other = tree(APP)
    await scanned(other)
    change(other)
    const after = await scanned(other)
    expect(await scanned(other)).toEqual(after)
    rmSync(`${other}/node_modules/.cache`, { recursive: true })
    expect(await scanned(other)).toEqual(after)
  })

  it('sees the type that a package.json above the migrations says', async () => {
    const root = tree({
      'package.json': pkg('app', { migrations: 'dist/migrations' }),
      'dist/migrations/1.js': `exports.uses = { db: 'sql' }\nexports.up = () => {}`,
      'dist/package.json': '{ "type": "commonjs" }',
      'node_modules/x/package.json': pkg('x'),
    })
    expect((await scanned(root)).migrations[0]?.moduleFormat).toBe('cjs')
    write(root, { 'dist/package.json': '{ "type": "module" }' })
    expect((await scan({ root })).diagnostics.map(({ code }) => code)).toContain('MIG_B0306')
  })

  it('says again what there is to say', async () => {
    const root = tree({ ...APP, 'migrations/3.SQL': '' })
    const first = await scan({ root })
    expect(first.diagnostics.map(({ code }) => code)).toEqual(['MIG_B0212'])
    expect(await scan({ root })).toEqual(first)
  })

  it('is not that of other options', async () => {
    const root = tree(APP)
    await scanned(root)
    markKept(root)
    const options = { packages: { plain: false } } as const
    expect(usedOf(await scanned(root, options))).toEqual([])
    markKept(root)
    expect(usedOf(await scanned(root, options))).toEqual(ALL)
  })

  it('is not that of another version', async () => {
    const root = tree(APP)
    const used = await usedAfter(root, () => {
      for (const name of ['packages', 'migrations'] as const) {
        const [key, value] = JSON.parse(readFileSync(kept(root, name), 'utf8')) as [string, unknown]
        const [shape, [version, ...versions], ...options] = JSON.parse(key) as [number, string[], ...unknown[]]
        expect(version).toBe('0.1.0')
        writeFileSync(
          kept(root, name),
          JSON.stringify([JSON.stringify([shape, ['0.0.9', ...versions], ...options]), value]),
        )
      }
    })
    expect(used).toEqual([])
  })

  it('is left out where there are links among migrations', async () => {
    const root = tree({
      ...APP,
      'shared/one.js': migration(),
      'shared/two.js': migration('void 2'),
      'migrations/3.js': { link: 'shared/one.js' },
    })
    const before = (await scanned(root)).migrations.at(-1)
    rmSync(`${root}/migrations/3.js`)
    symlinkSync(`${root}/shared/two.js`, `${root}/migrations/3.js`)
    expect((await scanned(root)).migrations.at(-1)?.hash).not.toBe(before?.hash)
  })
})

describe('nothing is kept', () => {
  it('of packages that changed while a scan may have read them', async () => {
    const root = tree(APP)
    await scanned(root)
    expect(existsSync(kept(root, 'packages'))).toBe(false)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    await scanned(root)
    vi.useRealTimers()
    expect(existsSync(kept(root, 'packages'))).toBe(true)
  })

  it('where there is no node_modules', async () => {
    const root = tree({ 'package.json': pkg('app'), ...prefixed('migrations/', { '1.js': migration() }) })
    await scanned(root)
    expect(readdirSync(root).toSorted()).toEqual(['migrations', 'package.json'])
  })

  it('where it cannot be written, and nobody is told', async () => {
    const root = tree({ ...APP, 'node_modules/.cache': 'a file' })
    await scanned(root)
    expect(readFileSync(`${root}/node_modules/.cache`, 'utf8')).toBe('a file')
    const other = tree({ ...APP, 'node_modules/.cache/unplugin-migrations/migrations.json/folder': '' })
    await scanned(other)
    expect(readdirSync(`${other}/node_modules/.cache/unplugin-migrations`)).toEqual(['migrations.json'])
  })
})
