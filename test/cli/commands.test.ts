import { expect, it } from 'vitest'
import { lock } from '../../src/cli/lock.ts'
import { status } from '../../src/cli/status.ts'
import { why } from '../../src/cli/why.ts'
import { pkg, tree, write } from '../scan/tree.ts'

const table = (name: string, head = ''): string => `-- uses: db\n${head}create table ${name} (id integer);\n`

it('show nothing of a package that steers a terminal', async () => {
  const version = '1.0.0\u001B[2J\u202E\napp@1.0.0: all is well'
  const root = tree({
    'package.json': pkg('shop', { dependencies: { lib: '1' } }),
    'node_modules/lib/package.json': pkg('lib', { version, migrations: 'db', dependencies: { deep: '1' } }),
    'node_modules/lib/db/1.sql': table('lib'),
    'node_modules/deep/package.json': pkg('deep', { version, migrations: { '\u001B[2J': 1 } }),
  })
  const given = { root, accept: [] }
  const shown = [
    await status({ ...given, words: [] }),
    ...(await Promise.all(['lib', 'deep', '\u001B[2J'].map((name) => why({ ...given, words: [name] })))),
  ]
  const escaped = String.raw`1.0.0\u{1b}[2J\u{202e}\napp@1.0.0: all is well`
  expect(shown[0]?.text).toContain(`lib@${escaped}: 1 migration`)
  expect(shown[1]?.text).toContain(`lib@${escaped} in node_modules/lib`)
  for (const { text } of shown) expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E|^app@/mu)
})

it('tell of what is left out, and of what needs it', async () => {
  const root = tree({
    'package.json': pkg('shop', { dependencies: { lib: '1', more: '1' } }),
    'migrations/1.sql': table('one'),
    'node_modules/lib/package.json': pkg('lib', { migrations: 'db' }),
    'node_modules/lib/db/1.sql': table('lib'),
    'node_modules/more/package.json': pkg('more', { migrations: 'db' }),
    'node_modules/more/db/1.sql': table('more'),
  })
  const given = { root, words: [], accept: [] }
  write(root, { 'node_modules/more/package.json': pkg('more') })
  expect(await lock(given)).toMatchObject({ isWell: true })
  write(root, {
    'migrations/2.sql': table('two', '-- dependsOn: lib:2, more:1\n'),
    'migrations/3.sql': table('three', '-- dependsOn: more@base\n'),
    'node_modules/lib/db/2.sql': table('lib_two'),
    'node_modules/more/package.json': pkg('more', { migrations: 'db' }),
  })
  const { text, isWell } = await status(given)
  expect(isWell).toBe(false)
  expect(text.match(/MIG_B\d+/g)?.filter((code) => code !== 'MIG_B0509')).toEqual([])
  for (const [id, reference] of [
    ['shop:2', 'lib:2'],
    ['shop:2', 'more:1'],
    ['shop:3', 'more@base'],
  ] as const)
    expect(text).toContain(`${id} lists "${reference}" in \`dependsOn\`, which is left out: nobody has reviewed it.`)
  expect(text).toContain('lib@1.0.0 brings a migration that nobody has reviewed: lib:2.')
  expect(await lock(given)).toMatchObject({ isWell: true })
  expect(await status(given)).toMatchObject({ isWell: true })
})
