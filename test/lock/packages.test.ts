import { describe, expect, it } from 'vitest'
import { migration, pkg } from '../scan/tree.ts'
import { type Host, useBuilder } from './builders.ts'
import { install, link } from './installed.ts'
import { type Project, project, repository } from './project.ts'

const usual = useBuilder()
const inCI = useBuilder({ CI: 'true' })
const hosts = ['vite', 'esbuild'] as const satisfies readonly Host[]
const table = (name: string): string => `-- uses: db\ncreate table ${name} (id integer);\n`

function shop(): Project {
  return project(repository(), usual, { 'package.json': pkg('shop'), 'migrations/0001_one.sql': table('one') })
}

/** With a package that brings a migration, committed. */
async function shopWithBilling(): Promise<Project> {
  const app = shop()
  install(app.root, 'billing', '1.0.0', { '0001_init.sql': table('bills') })
  await app.manifest()
  app.commit()
  return app
}

describe('an installed package', () => {
  it('is taken as it is while there is no lock file', async () => {
    const app = shop()
    install(app.root, 'billing', '1.0.0', { '0001_init.sql': table('bills') })
    const { migrations } = await app.manifest()
    expect(migrations.map(({ id }) => id)).toEqual(['billing:0001_init', 'shop:0001_one'])
    expect(app.names()).toEqual(['0001_init', '0001_one'])
  })

  it('H07 H08 that brings more waits for a review: a build fails, a server leaves it out and says so', async () => {
    const app = shop()
    await app.manifest()
    app.commit()
    // Behind another package, which the application knows.
    install(app.root, 'billing', '1.0.0', { '0001_init.sql': table('bills') })
    for (const host of hosts) {
      const refused = await app.build(host)
      expect(refused.code).toBe(1)
      expect(refused.says).toContain('MIG_B0509')
      expect(refused.says).toContain('billing@1.0.0 brings a migration that nobody has reviewed: billing:0001_init')
    }
    const frozen = await app.build('vite', inCI)
    expect(frozen.code).toBe(1)
    expect(frozen.says).toContain('MIG_B0509')
    const served = await app.build('serve')
    expect(served.says).toContain('MIG_B0509')
    expect(served.says).toContain('left out')
    expect((JSON.parse(served.out) as { migrations: readonly unknown[] }).migrations).toHaveLength(1)
    expect(app.names()).toEqual(['0001_one'])
    expect(app.command('lock').says).toContain('billing:0001_init: new')
    for (const host of hosts) expect((await app.manifest(host)).migrations).toHaveLength(2)
    app.commit()
    install(app.root, 'billing', '1.0.1', { '0001_init.sql': table('bills'), '0002_more.sql': table('more') })
    expect((await app.build()).says).toContain(
      'billing@1.0.1 brings a migration that nobody has reviewed: billing:0002_more',
    )
    expect(app.command('lock').code).toBe(0)
    // What brought a migration stays written.
    const versions = (await app.manifest()).migrations.map(({ id, version }) => `${id} ${version}`)
    expect(versions).toEqual(['billing:0001_init 1.0.0', 'billing:0002_more 1.0.1', 'shop:0001_one 1.0.0'])
  })

  it('H09 whose committed migration changed is refused, under the same version too', async () => {
    const app = await shopWithBilling()
    app.write({ 'node_modules/billing/migrations/0001_init.sql': table('stolen') })
    for (const host of hosts) {
      const refused = await app.build(host)
      expect(refused.code).toBe(1)
      expect(refused.says).toContain('MIG_B0505')
      expect(refused.says).toContain('billing:0001_init is committed')
    }
  })

  it('whose migration changed before anybody committed it is said to be in the file', async () => {
    const app = shop()
    app.write({
      'package.json': pkg('shop', { dependencies: { lib: '1' } }),
      'node_modules/lib/package.json': pkg('lib', { migrations: 'db' }),
      'node_modules/lib/db/1.sql': table('lib'),
    })
    await app.manifest()
    app.write({ 'node_modules/lib/db/1.sql': table('other') })
    expect(app.command('lock').says).toContain('lib:1 is in migrations.lock, and does something else now')
    app.write({ 'node_modules/lib/db/1.sql': `-- dependsOn: shop:0001_one\n${table('lib')}` })
    expect(app.command('lock').says).toContain(
      'lib:1 is in migrations.lock, and the edges that it declares have changed',
    )
    expect(app.command('lock', '--accept', 'lib:1').code).toBe(0)
  })

  it('that leaves is asked about as a whole', async () => {
    const app = await shopWithBilling()
    app.write({ 'package.json': pkg('shop') })
    app.remove('node_modules/billing')
    const refused = await app.build()
    expect(refused.says).toContain('MIG_B0506')
    expect(refused.says).toContain('The package billing is gone, and with it billing:0001_init.')
    expect(app.command('lock', '--accept', 'billing').code).toBe(0)
    expect((await app.manifest()).retired).toEqual(['billing:0001_init'])
  })

  it('that was renamed keeps its lines, and is told how to say so', async () => {
    const app = await shopWithBilling()
    app.remove('node_modules/billing')
    app.write({ 'package.json': pkg('shop') })
    const files = { '0001_init.sql': table('bills') }
    install(app.root, '@acme/billing', '2.0.0', files)
    const refused = await app.build()
    expect(refused.says).toContain('The package billing is gone, and @acme/billing brings what it had')
    expect(refused.says).toContain('"formerly": ["billing"]')
    install(app.root, '@acme/billing', '2.0.1', files, { migrations: { path: 'migrations', formerly: ['billing'] } })
    expect((await app.build()).says).toContain('MIG_B0509')
    expect(app.command('lock').says).toContain('@acme/billing:0001_init: has another name')
    const manifest = await app.manifest()
    expect(manifest.retired).toEqual([])
    expect(manifest.migrations[0]).toMatchObject({ id: '@acme/billing:0001_init', version: '1.0.0' })
  })

  it('is the same when it is linked, from its source, as when it is published', async () => {
    const app = shop()
    const compiled = migration('export async function down() {}')
    install(app.root, 'billing', '1.0.0', { '0001_init.js': compiled })
    await app.manifest()
    app.commit()
    const before = app.lock()
    const typed =
      "import type { Migration } from 'unplugin-migrations/runtime'\n" +
      compiled.replace('up({ db })', 'up({ db }: { db: unknown }): Promise<void>')
    link(app.root, 'billing', '1.0.0', { '0001_init.ts': typed })
    await app.manifest('vite', inCI)
    expect(app.lock()).toBe(before)
    // While it is linked, what it brings is one's own.
    link(app.root, 'billing', '1.1.0', { '0001_init.ts': typed, '0002_draft.ts': migration() })
    await app.manifest()
    expect(app.names()).toEqual(['0001_init', '0002_draft', '0001_one'])
  })
})

it('belongs to one application of a repository, and not to a package', async () => {
  const root = repository()
  const [one, other] = ['one', 'other'].map((name) =>
    project(`${root}/apps/${name}`, usual, { 'package.json': pkg(name), 'migrations/0001_a.sql': table(name) }),
  )
  if (!one || !other) throw new Error('there are two')
  await one.manifest()
  one.commit()
  await other.manifest()
  one.write({ 'migrations/0001_a.sql': table('changed') })
  other.write({ 'migrations/0001_a.sql': table('changed') })
  expect((await one.build()).says).toContain('MIG_B0505')
  await other.manifest()
  install(
    one.root,
    'billing',
    '1.0.0',
    { '0001_init.sql': table('bills') },
    { files: ['migrations', 'migrations.lock'] },
  )
  one.write({ 'node_modules/billing/migrations.lock': 'nonsense', 'migrations/0001_a.sql': table('one') })
  expect(one.command('lock').code).toBe(0)
  await one.manifest()
})

describe('a file that', () => {
  it('has the marks of a merge is repaired by the command, with the lines of both sides', async () => {
    const app = shop()
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', '-b', 'feature')
    app.write({ 'migrations/0002_theirs.sql': table('theirs') })
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', 'main')
    app.write({ 'migrations/0002_ours.sql': table('ours') })
    await app.manifest()
    app.commit()
    expect(() => app.git('merge', 'feature')).toThrow()
    for (const host of hosts) expect((await app.build(host)).says).toContain('MIG_B0502')
    expect(app.command('lock').code).toBe(0)
    expect(app.names()).toEqual(['0001_one', '0002_ours', '0002_theirs'])
    for (const host of hosts) await app.manifest(host)
    app.commit()
    await app.manifest('vite', inCI)
  })

  it('has a rename of one branch, and an addition of the other, is repaired by the command', async () => {
    const app = shop()
    app.write({ 'migrations/0002_two.sql': table('two') })
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', '-b', 'feature')
    app.git('mv', 'migrations/0002_two.sql', 'migrations/0002_better.sql')
    app.write({ 'migrations/0002_better.sql': `-- formerly: shop:0002_two\n${table('two')}` })
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', 'main')
    app.write({ 'migrations/0003_three.sql': table('three') })
    await app.manifest()
    app.commit()
    const into = (branch: string, other: string): void => {
      app.git('checkout', '-q', '-B', 'merged', branch)
      expect(() => app.git('merge', other)).toThrow()
      expect(app.command('lock')).toMatchObject({ code: 0 })
      expect(app.names()).toEqual(['0001_one', '0002_better', '0003_three'])
      expect(app.lock()).not.toContain('retired')
      app.commit()
    }
    into('main', 'feature')
    into('feature', 'main')
    await app.manifest('vite', inCI)
  })

  it.each(['merge', 'rebase', 'cherry-pick'])('is in a %s knows what either side committed', async (how) => {
    const app = shop()
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', '-b', 'feature')
    app.write({ 'migrations/0002_ours.sql': table('ours') })
    await app.manifest()
    app.commit()
    app.git('checkout', '-q', 'main')
    app.write({ 'migrations/0002_theirs.sql': table('theirs'), 'migrations/0003_theirs.sql': table('more') })
    await app.manifest()
    app.commit()
    if (how !== 'rebase') app.git('checkout', '-q', 'feature')
    expect(() => app.git(how, how === 'rebase' ? 'feature' : 'main')).toThrow()
    app.write({ 'migrations/0002_theirs.sql': table('edited') })
    app.remove('migrations/0003_theirs.sql')
    const { code, says } = app.command('lock')
    expect(code).toBe(1)
    expect(says).toContain('shop:0002_theirs is committed, and does something else now')
    expect(says).toContain('shop:0003_theirs of shop is gone')
  })

  it.each([
    ['MIG_B0501', (text: string) => text.replace(' v1', ' v2')],
    ['MIG_B0503', (text: string) => text.replace(' h', ' x')],
    ['MIG_B0504', (text: string) => text.replace(' 1.0.0', ' 1.0.1')],
  ])('is damaged stops a build, and is never overwritten: %s', async (code, damage) => {
    const app = shop()
    await app.manifest()
    const damaged = damage(app.lock() ?? '')
    app.write({ 'migrations.lock': damaged })
    for (const host of hosts) {
      const refused = await app.build(host)
      expect(refused.code).toBe(1)
      expect(refused.says).toContain(code)
      expect(refused.says).toMatch(/migrations\.lock:[1-9]\d*:[01]/)
      expect(app.lock()).toBe(damaged)
    }
    // Whose lines can be read it writes anew.
    expect(app.command('lock').code).toBe(code === 'MIG_B0504' ? 0 : 1)
  })

  it('cannot be read is no empty one', async () => {
    const app = shop()
    app.write({ 'migrations.lock/something': '' })
    const refused = await app.build()
    expect(refused.code).toBe(1)
    expect(refused.says).toContain('MIG_B0503')
    for (const command of ['lock', 'status']) {
      const said = app.command(command)
      expect(said.code).toBe(1)
      expect(said.says).toContain('[MIG_B0503]')
    }
  })

  it('holds options without meaning says so', async () => {
    const app = shop()
    await app.manifest()
    app.write({
      'migrations.lock': (app.lock() ?? '').replace('\n\n', '\noptions {"packages":{"shop":{"path":5}}}\n\n'),
    })
    for (const command of ['lock', 'status']) {
      const said = app.command(command)
      expect(said.code).toBe(1)
      expect(said.says).toContain(
        '[MIG_B0207] The option `packages` cannot be followed for shop: `path` is not a text.',
      )
    }
    await app.manifest()
    expect(app.lock()).not.toContain('options')
  })
})
