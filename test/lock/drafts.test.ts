import { describe, expect, it } from 'vitest'
import { pkg } from '../scan/tree.ts'
import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { parseLock } from '../../src/scan/lock/parse.ts'
import { printLock } from '../../src/scan/lock/print.ts'
import { type Host, environment, useBuilder } from './builders.ts'
import { type Project, project, repository } from './project.ts'

const usual = useBuilder()
const inCI = useBuilder({ CI: 'true' })
const inTest = useBuilder({ NODE_ENV: 'test' })

const table = (name: string): string => `-- uses: db\ncreate table ${name} (id integer);\n`

function shop(): Project {
  return project(repository(), usual, { 'package.json': pkg('shop'), 'migrations/0001_one.sql': table('one') })
}

describe.each<Host>(['vite', 'esbuild'])('a build by %s', (host) => {
  it('writes drafts, and follows them while nothing is committed', async () => {
    const app = shop()
    await app.manifest(host)
    expect(app.names()).toEqual(['0001_one'])
    app.write({ 'migrations/0002_two.sql': table('two') })
    await app.manifest(host)
    app.write({ 'migrations/0001_one.sql': table('other') })
    const { migrations } = await app.manifest(host)
    expect(app.names()).toEqual(['0001_one', '0002_two'])
    expect(app.lock()).toContain(migrations[0]?.hash)
    app.remove('migrations/0001_one.sql')
    await app.manifest(host)
    expect(app.names()).toEqual(['0002_two'])
  })

  it('refuses a committed migration that changed, until that is accepted', async () => {
    const app = shop()
    const [before] = (await app.manifest(host)).migrations
    app.commit()
    app.write({ 'migrations/0001_one.sql': `-- a comment counts for nothing\n${table('one')}` })
    expect((await app.manifest(host)).migrations[0]?.hash).toBe(before?.hash)
    app.write({ 'migrations/0001_one.sql': table('other') })
    const lock = app.lock()
    const refused = await app.build(host)
    expect(refused.code).toBe(1)
    expect(refused.says).toContain('MIG_B0505')
    expect(refused.says).toContain('npx unplugin-migrations lock --accept shop:0001_one')
    expect(refused.says).toMatch(/migrations\/0001_one\.sql:1:[01]/)
    expect(app.command('lock').code).toBe(1)
    expect(app.lock()).toBe(lock)
    expect(app.command('lock', '--accept', 'shop:0001_one').code).toBe(0)
    const [after] = (await app.manifest(host)).migrations
    expect(after?.accepted).toEqual([before?.hash])
    expect(app.lock()).toContain(` was ${before?.hash ?? ''}`)
  })

  it('refuses that a committed migration goes, until that is accepted', async () => {
    const app = shop()
    app.write({ 'migrations/0002_two.sql': table('two') })
    await app.manifest(host)
    app.commit()
    app.remove('migrations/0001_one.sql')
    const refused = await app.build(host)
    expect(refused.says).toContain('MIG_B0506')
    expect(refused.says).toContain('shop:0001_one of shop is gone')
    expect(app.command('lock', '--accept', 'shop:0001_one').code).toBe(0)
    const manifest = await app.manifest(host)
    expect(manifest.retired).toEqual(['shop:0001_one'])
    expect(manifest.migrations.map(({ id }) => id)).toEqual(['shop:0002_two'])
    app.write({ 'migrations/0001_one.sql': table('one') })
    expect((await app.build(host)).says).toContain('MIG_B0511')
  })

  it('refuses a draft in front of a committed migration, which may be renamed or follow', async () => {
    const app = shop()
    app.write({ 'migrations/0003_three.sql': table('three') })
    await app.manifest(host)
    app.commit()
    app.write({ 'migrations/0002_late.sql': table('late') })
    const refused = await app.build(host)
    expect(refused.says).toContain('MIG_B0508')
    expect(refused.says).toContain('for example to 0004_late')
    expect(app.command('lock', '--accept', 'shop:0002_late').code).toBe(0)
    const order = ['shop:0001_one', 'shop:0003_three', 'shop:0002_late']
    expect((await app.manifest(host)).migrations.map(({ id }) => id)).toEqual(order)
    app.commit()
    expect((await app.manifest(host)).migrations.map(({ id }) => id)).toEqual(order)
  })

  it('keeps the place of a committed migration that has another name, and holds what it has', async () => {
    const app = shop()
    app.write({ 'migrations/0002_two.sql': table('two'), 'migrations/0003_three.sql': table('three') })
    await app.manifest(host)
    app.commit()
    app.git('mv', 'migrations/0002_two.sql', 'migrations/0002_better.sql')
    app.write({ 'migrations/0002_better.sql': `-- formerly: shop:0002_two\n${table('two')}` })
    await app.manifest(host)
    app.write({ 'migrations/0004_four.sql': table('four') })
    await app.manifest(host)
    expect(app.names()).toEqual(['0001_one', '0002_better', '0003_three', '0004_four'])
    app.write({ 'migrations/0002_better.sql': `-- formerly: shop:0002_two\n${table('other')}` })
    expect((await app.build(host)).says).toContain('MIG_B0505')
    app.remove('migrations/0002_better.sql')
    expect((await app.build(host)).says).toContain('MIG_B0506')
  })

  it('refuses other declared edges of a committed migration', async () => {
    const app = shop()
    const needing = (needs: string): string => `-- uses: db\n-- dependsOn: ${needs}\nselect 1;\n`
    app.write({ 'migrations/0002_two.sql': needing('shop:0001_one') })
    await app.manifest(host)
    expect(app.lock()).toContain('1.0.0 needs=0001_one\n')
    app.commit()
    app.write({ 'migrations/0002_two.sql': '-- uses: db\nselect 1;\n' })
    expect((await app.build(host)).says).toContain('MIG_B0507')
    expect(app.command('lock', '--accept', 'shop:0002_two').code).toBe(0)
    expect(app.lock()).not.toContain('needs=')
  })

  it('numbers the changes of what repeats', async () => {
    const app = shop()
    const view = (text: string): string => `-- uses: db\n-- repeatable: onChange\ncreate view v as ${text};\n`
    app.write({ 'migrations/view.sql': view('select 1') })
    await app.manifest(host)
    app.commit()
    app.write({ 'migrations/view.sql': view('select 2') })
    await app.manifest(host)
    expect(app.lock()).toMatch(/^ {2}view r2 h/m)
  })

  it('lets what always runs change, and come and stand anywhere', async () => {
    const app = shop()
    const grants = (to: string): string => `-- uses: db\n-- repeatable: always\ngrant select on one to ${to};\n`
    app.write({ 'migrations/grants.sql': grants('ann') })
    await app.manifest(host)
    expect(app.lock()).toMatch(/^ {2}grants r1 h/m)
    // As earlier versions wrote it.
    const { lock } = parseLock(app.lock()?.replace('grants r1', 'grants') ?? '')
    app.write({ 'migrations.lock': printLock(lock) })
    app.commit()
    app.write({ 'migrations/0002_two.sql': table('two'), 'migrations/0000_grants.sql': grants('bob') })
    await app.manifest(host)
    expect(app.names()).toEqual(['0001_one', 'grants', '0000_grants', '0002_two'])
    app.commit()
    app.write({ 'migrations/grants.sql': grants('cid') })
    const manifest = await app.manifest(host)
    expect(app.lock()).toMatch(/^ {2}grants r1 h/m)
    expect(manifest.migrations.at(-1)?.traits).toEqual({ repeatable: 'always' })
  })
})

it('writes nothing where it watches, serves or tests', async () => {
  const app = shop()
  for (const host of ['watch', 'serve'] as const) {
    expect((await app.manifest(host)).migrations).toHaveLength(1)
    expect(app.lock()).toBeUndefined()
  }
  await app.manifest('vite', inTest)
  expect(app.lock()).toBeUndefined()
  // It has ended, though it did not wait.
  execFileSync(process.execPath, [join(import.meta.dirname, 'exit-at-once.mjs'), app.root], { env: environment() })
  expect(app.names()).toEqual(['0001_one'])
})

describe('in CI', () => {
  it('takes the file as it is', async () => {
    const app = shop()
    const missing = await app.build('vite', inCI)
    expect(missing.says).toContain('MIG_B0510')
    expect(missing.says).toContain('There is no migrations.lock')
    expect(app.lock()).toBeUndefined()
    await app.manifest()
    await app.manifest('vite', inCI)
    app.write({ 'migrations/0002_two.sql': table('two') })
    for (const host of ['vite', 'esbuild', 'serve'] as const) {
      const stale = await app.build(host, inCI)
      expect(stale.code, stale.says).toBe(1)
      expect(stale.says).toContain('shop:0002_two')
      expect(stale.says).toContain('MIG_B0510')
    }
    expect(app.names()).toEqual(['0001_one'])
    expect(app.command('lock').code).toBe(0)
    await app.manifest('esbuild', inCI)
  })

  it('does not care how Git ended the lines', async () => {
    const app = shop()
    await app.manifest()
    app.write({ 'migrations.lock': (app.lock() ?? '').replaceAll('\n', '\r\n') })
    await app.manifest('vite', inCI)
  })
})

it('knows in a hook what is committed, also in a folder of a linked worktree', async () => {
  const main = project(repository(), usual, {})
  main.commit()
  main.git('worktree', 'add', '-q', `${main.root}/linked`)
  const app = project(`${main.root}/linked/shop`, usual, {
    'package.json': pkg('shop'),
    'migrations/0001_one.sql': table('one'),
  })
  expect(app.command('lock').code).toBe(0)
  app.commit()
  app.write({
    'migrations/0001_one.sql': table('other'),
    'hooks/pre-commit': `#!/bin/sh\ncd shop && exec "${process.execPath}" "${join(import.meta.dirname, '../../dist/cli.js')}" lock\n`,
  })
  chmodSync(join(app.root, 'hooks/pre-commit'), 0o755)
  app.git('config', 'core.hooksPath', join(app.root, 'hooks'))
  expect(() => {
    app.commit()
  }).toThrow()
  expect(app.lock()).toBe(app.git('show', 'HEAD:./migrations.lock'))
})

it('needs no file where there are no migrations', async () => {
  const app = project(repository(), usual, { 'package.json': pkg('shop') })
  await app.manifest('vite', inCI)
  await app.manifest('vite')
  expect(app.lock()).toBeUndefined()
})
