import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown, type RolldownOptions } from 'rolldown'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Options } from '../../src/index.ts'
import migrations from '../../src/rolldown.ts'
import { emitted } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rolldown-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
let root = ''
let out = ''
beforeEach(() => {
  root = join(folder, `app${count++}`)
  out = join(root, 'out')
  write(root, {
    ...appPackageJson({}),
    ...LOADING_SERVER,
    'page.js': 'console.log(1)\n',
    'reader.js': "import { sep } from 'node:path'\nconsole.log(sep)\n",
    'migrations/0001_a.ts': "export const uses = { db: 'sql' }\nexport async function up(): Promise<void> {}\n",
  })
})

/** A build that is told nothing but what is given. @returns coded lines that it says */
async function build(given: RolldownOptions, options?: Options): Promise<readonly string[]> {
  const lines: string[] = []
  const { output, ...input } = given
  const bundle = await rolldown({
    cwd: root,
    input: 'server.js',
    onwarn: ({ message }) => void lines.push(message),
    plugins: [migrations(options)],
    ...input,
  })
  await bundle.write({ dir: out, ...(Array.isArray(output) ? output[0] : output) })
  await bundle.close()
  return lines.filter((line) => line.includes('MIG_'))
}

describe('the platform', () => {
  it('is no reason to complain where nobody set it, though it is the browser then', async () => {
    expect(await build({})).toEqual([])
    expect((await run(join(out, 'server.js'), out)).loaded).toHaveProperty('app:0001_a.up', 'function')
  })

  it('is one where "browser" was asked for, with the importing line', async () => {
    expect(await build({ platform: 'browser' })).toEqual([
      expect.stringMatching(
        /\[MIG_B0401\] virtual:migrations is imported by server\.js for the platform "browser"[^]*> 1 \| import manifest/,
      ),
    ])
  })

  it('is none with `client: true`', async () => {
    expect(await build({ platform: 'browser' }, { client: true })).toEqual([])
    expect(emitted(out).migrations).toHaveLength(1)
  })
})

describe('a bundle that does not import the manifest', () => {
  const unused = [expect.stringMatching(/\[MIG_B0402\] Nothing in the bundle imports virtual:migrations/)]

  it.each<{ how: string; given: RolldownOptions; said: readonly unknown[] }>([
    { how: 'of unknown use', given: { input: 'page.js' }, said: [] },
    { how: 'for browsers', given: { input: 'page.js', platform: 'browser' }, said: [] },
    { how: 'for Node', given: { input: 'page.js', platform: 'node' }, said: unused },
    { how: 'in CommonJS', given: { input: 'page.js', output: { format: 'cjs' } }, said: unused },
    { how: 'that reads modules of Node', given: { input: 'reader.js', external: /^node:/ }, said: unused },
  ])('$how', async ({ given, said }) => {
    expect(await build(given)).toEqual(said)
  })
})

it('`cwd` is where the application is looked for', async () => {
  write(root, { 'packages/other/package.json': '{ "name": "other", "version": "1.0.0" }\n' })
  write(join(root, 'packages/other'), {
    'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
    'migrations/0001_o.js': "export const uses = { db: 'sql' }\nexport async function up() {}\n",
  })
  await build({ cwd: join(root, 'packages/other') })
  expect(emitted(out).migrations).toMatchObject([{ id: 'other:0001_o' }])
})
