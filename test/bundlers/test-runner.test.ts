import { execFile } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { appPackageJson, write } from './fixture.ts'

const repository = dirname(dirname(import.meta.dirname))
const root = realpathSync(mkdtempSync(join(tmpdir(), 'runner-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** An environment that is built like code for a browser, as those of jsdom and happy-dom are. */
const WEB = `export default {
  name: 'web',
  viteEnvironment: 'client',
  setup: () => ({ teardown() {} }),
}
`

write(root, {
  ...appPackageJson({ classic: '*' }),
  'node_modules/classic/package.json': '{ "name": "classic", "version": "1.0.0", "migrations": "migrations" }',
  'node_modules/classic/migrations/0001_init.js': "exports.uses = { db: 'sql' }\nexports.up = async () => {}\n",
  'migrations/0001_a.ts': "export const uses = { db: 'sql' }\nexport async function up(): Promise<void> {}\n",
  'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
  'web.js': WEB,
  'vite.config.js': "import migrations from 'unplugin-migrations/vite'\nexport default { plugins: [migrations()] }\n",
  'app.test.js': `import manifest from 'virtual:migrations'
import { expect, it } from 'vitest'
it('loads all migrations', async () => {
  const modules = await Promise.all(manifest.migrations.map(({ load }) => load('sqlite')))
  const shapes = modules.map((module) => module.default ?? module)
  expect(shapes.map(({ up }) => typeof up)).toEqual(['function', 'function', 'string'])
  expect(manifest.migrations.filter(({ held }) => held)).toEqual([])
})
`,
})
for (const name of ['vitest', 'vite'])
  symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name))
symlinkSync(repository, join(root, 'node_modules/unplugin-migrations'))

it.each(['node', './web.js'])('Vitest loads migrations in the environment %s', async (environment) => {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [vitest, 'run', '--environment', environment], {
    cwd: root,
    env,
  })
  expect(stdout).toMatch(/Tests +1 passed/)
})
