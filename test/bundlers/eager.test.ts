import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { BUILDS } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'eager-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const ran = (name: string): string => `;(globalThis.ran ??= []).push('${name}')\n`

write(root, {
  ...appPackageJson({}),
  ...LOADING_SERVER,
  'migrations/0001_a.ts': `${ran('a')}export const uses = { db: 'sql' }\nexport async function up(): Promise<void> {}\n`,
  'migrations/0002_b.cjs': `${ran('b')}exports.uses = { db: 'sql' }\nexports.up = async () => {}\n`,
  'migrations/0003_c.sql': '-- uses: db\nselect 1;\n',
  // A manifest with squashes imports more than migrations.
  'migrations/0004_all.sql': '-- uses: db\n-- replaces: app:0001_a, app:0002_b, app:0003_c\nselect 2;\n',
})

it.each(BUILDS)('$name: eager migrations run with the manifest, and load the same', async ({ name, build, server }) => {
  const out = join(root, name)
  await build({ app: root, out, options: { eager: true } })
  const printed = await run(join(out, server), out)
  expect(printed.ranAtStart.toSorted()).toEqual(['a', 'b'])
  expect(printed.loaded).toEqual({
    'app:0001_a': { uses: { db: 'sql' }, up: 'function' },
    'app:0002_b': { uses: { db: 'sql' }, up: 'function' },
    'app:0003_c': { up: '-- uses: db\nselect 1;\n' },
    'app:0004_all': { up: expect.stringContaining('select 2;') },
  })
})
