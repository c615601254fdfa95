import { execFile } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { write } from './fixture.ts'

const repository = join(import.meta.dirname, '../..')
const root = realpathSync(mkdtempSync(join(tmpdir(), 'commands-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const plugin = (host: string): string => JSON.stringify(join(repository, `dist/${host}.js`))

write(root, {
  'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
  'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
  'migrations/0001_a.js':
    "export const uses = { db: 'sql' }\nexport async function up() {}\nexport const dependOn = []\n",
  'migrations/0002_b.sql': '-- uses: db\ncreate table b (id integer);\ncommit;\n',
  'migrations/0003_c.js':
    "export const uses = { db: 'sql' }\nexport async function up() {}\nexport const dependsOn = ['nowhere:1']\n",
  'vite.config.mjs': `import migrations from ${plugin('vite')}
export default { plugins: [migrations()], build: { ssr: 'server.js' } }\n`,
  'rollup.config.mjs': `import migrations from ${plugin('rollup')}
export default { input: 'server.js', output: { dir: 'dist' }, plugins: [migrations()] }\n`,
  'rolldown.config.mjs': `import migrations from ${plugin('rolldown')}
export default { input: 'server.js', platform: 'node', output: { dir: 'dist' }, plugins: [migrations()] }\n`,
  'build.mjs': `import { build } from ${JSON.stringify(join(repository, 'node_modules/esbuild/lib/main.js'))}
import migrations from ${plugin('esbuild')}
const options = { entryPoints: ['server.js'], bundle: true, platform: 'node', format: 'esm', outdir: 'dist' }
await build({ ...options, plugins: [migrations()] }).catch(() => process.exit(1))\n`,
})

const bin = (name: string): string => join(repository, 'node_modules', name)

/** What people type. esbuild has plugins only where it is called. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'vite build': [bin('vite/bin/vite.js'), 'build'],
  'rollup -c': [bin('rollup/dist/bin/rollup'), '-c'],
  'rolldown -c': [bin('rolldown/bin/cli.mjs'), '-c'],
  'node build.mjs, which calls esbuild': ['build.mjs'],
}

it.each(Object.entries(COMMANDS))(
  '%s prints every problem of a build, each with its place, frame and fix',
  async (_, arguments_) => {
    const { code, printed } = await run(arguments_)
    expect(code).toBe(1)
    const text = printed.replaceAll(/[│|]/g, '|')
    for (const [problem, line, fix] of [
      ['[MIG_B0303] `dependOn` is not a field', '3 | export const dependOn = []', 'Did you mean `dependsOn`?'],
      ['[MIG_B0310] COMMIT inside a migration', '3 | commit;', 'Remove COMMIT'],
      [
        '[MIG_B0105] app:0003_c lists "nowhere:1"',
        "3 | export const dependsOn = ['nowhere:1']",
        'Install a version of nowhere',
      ],
    ] as const)
      for (const part of [problem, line, fix]) expect(text).toContain(part)
    expect(text.match(/migrations\/000\d_[abc]\.(js|sql):3:\d+/g)?.length).toBeGreaterThanOrEqual(3)
  },
)

function run(arguments_: readonly string[]): Promise<{ readonly code: unknown; readonly printed: string }> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  return new Promise((resolve) => {
    execFile(process.execPath, arguments_, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, printed: stdout + stderr }),
    )
  })
}
