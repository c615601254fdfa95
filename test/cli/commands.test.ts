import { expect, it } from 'vitest'
import { status } from '../../src/cli/status.ts'
import { why } from '../../src/cli/why.ts'
import { pkg, tree } from '../scan/tree.ts'

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
