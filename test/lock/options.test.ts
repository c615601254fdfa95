import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Options } from '../../src/plugin/options.ts'
import { pkg } from '../scan/tree.ts'
import { type Builder, type Host, type Ran, useBuilder } from './builders.ts'
import { type Project, project, repository } from './project.ts'

const usual = useBuilder()
const inCI = useBuilder({ CI: 'true' })
const hosts = ['vite', 'esbuild'] as const satisfies readonly Host[]
const table = (name: string): string => `-- uses: db\ncreate table ${name} (id integer);\n`

/** With an installed package that has migrations in `db`, and in `more` where that is said. Built and committed. */
async function shop(options: Options = {}): Promise<Project> {
  const app = project(repository(), usual, {
    '.gitignore': 'out\n',
    'package.json': pkg('shop', { dependencies: { lib: '1' } }),
    'migrations/0001_one.sql': table('one'),
    'migrations/0002_two.sql': table('two'),
    'node_modules/lib/package.json': pkg('lib'),
    'node_modules/lib/db/0001_lib.sql': table('lib'),
  })
  await app.manifest('vite', by(options))
  app.commit()
  return app
}

function by(options: Options, builder: Builder = usual): Builder {
  return (host, root) => builder(host, root, options)
}

/** Does what the fix of a build says. */
function obey(app: Project, { says }: Ran): Ran {
  const [, words = ''] = /npx unplugin-migrations (lock(?: --accept \S+)*)/.exec(says) ?? []
  return app.command(...words.split(' '))
}

const LIB: Options = { packages: { lib: { path: 'db' } } }

describe.each(hosts)('options that are new since the lock file was written, by %s', (host) => {
  it('find more: the command finds it too', async () => {
    const app = await shop()
    const lines = app.names()
    const refused = await app.build(host, by(LIB))
    expect(refused.says).toContain('MIG_B0509')
    expect(app.names()).toEqual(lines)
    expect(app.lock()).toContain('options {"packages":{"lib":{"path":"db"}}}')
    expect(obey(app, refused)).toMatchObject({ code: 0 })
    expect((await app.manifest(host, by(LIB))).migrations).toHaveLength(3)
  })

  it('leave a package out: the command retires it', async () => {
    const app = await shop(LIB)
    const refused = await app.build(host, by({ packages: { lib: false } }))
    expect(refused.says).toContain('--accept lib')
    expect(obey(app, refused)).toMatchObject({ code: 0 })
    expect((await app.manifest(host, by({ packages: { lib: false } }))).retired).toEqual(['lib:0001_lib'])
  })

  it('look at another folder: the command accepts what the build has told', async () => {
    const app = await shop()
    renameSync(join(app.root, 'migrations'), join(app.root, 'db'))
    app.write({ 'db/0001_one.sql': table('other') })
    const refused = await app.build(host, by({ path: 'db' }))
    expect(refused.says).toContain('--accept shop:0001_one')
    expect(obey(app, refused)).toMatchObject({ code: 0 })
    expect(app.lock()).not.toContain('retired')
    expect((await app.manifest(host, by({ path: 'db' }))).migrations[0]?.accepted).toHaveLength(1)
  })
})

it('give a package its former name', async () => {
  const app = await shop(LIB)
  app.write({
    'package.json': pkg('shop', { dependencies: { books: '1' } }),
    'node_modules/books/package.json': pkg('books'),
    'node_modules/books/db/0001_lib.sql': table('lib'),
  })
  app.remove('node_modules/lib')
  const options: Options = { packages: { books: { path: 'db', formerly: ['lib'] } } }
  expect(obey(app, await app.build('vite', by(options)))).toMatchObject({ code: 0 })
  const manifest = await app.manifest('vite', by(options))
  expect(manifest.retired).toEqual([])
  expect(manifest.migrations.map(({ id }) => id)).toContain('books:0001_lib')
})

it('are written by no server and not in CI: both say who writes them', async () => {
  const app = await shop()
  const before = app.lock()
  for (const [host, builder] of [
    ['serve', usual],
    ['vite', inCI],
  ] as const)
    expect((await app.build(host, by(LIB, builder))).says).toContain('Before that build once where you work')
  const moved = await app.build('vite', by({ packages: { shop: { id: 'shop' } } }, inCI))
  expect(moved.says).toContain('MIG_B0510')
  expect(moved.says).toContain('Before that build once where you work')
  expect(app.lock()).toBe(before)
})

it('that nobody has written make no removal of what only lies elsewhere', async () => {
  const app = await shop()
  const before = app.lock()
  renameSync(join(app.root, 'migrations'), join(app.root, 'db'))
  const refused = app.command('lock', '--accept', 'shop:0001_one', '--accept', 'shop:0002_two')
  expect(refused.code).toBe(1)
  expect(refused.says).toContain('--accept shop')
  expect(app.lock()).toBe(before)
})
