import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rollup } from 'rollup'
import compileTypeScript from 'rollup-plugin-esbuild'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import migrations from '../../src/rollup.ts'
import { buildWithPlainRollup, buildWithRollup, commonjs, emitted } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollup-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"
const typed =
  "export const uses = { db: 'sql' }\n/* ä😀 */ export async function up(context: object): Promise<void> {}\n"

let count = 0
let root = ''
let out = ''
beforeEach(() => {
  root = join(folder, `app${count++}`)
  out = join(root, 'out')
  write(root, { ...appPackageJson({ typed: '*' }), ...LOADING_SERVER })
})

const coded = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes('MIG_'))

describe('Rollup without other plugins', () => {
  it('builds migrations in ES modules and SQL', async () => {
    write(root, { 'migrations/0001_a.js': up, 'migrations/0002_b.sql': '-- uses: db\nselect 1;\n' })
    const { lines } = await buildWithPlainRollup({ app: root, out })
    expect(coded(lines)).toEqual([])
    expect(emitted(out).migrations).toMatchObject([{ id: 'app:0001_a' }, { id: 'app:0002_b' }])
    expect(Object.keys((await run(join(out, 'server.js'), out)).loaded)).toEqual(['app:0001_a', 'app:0002_b'])
  })

  it('refuses a migration in TypeScript where its types begin, and names the plugin that it lacks', async () => {
    write(root, { 'migrations/0001_a.ts': typed })
    await expect(buildWithPlainRollup({ app: root, out })).rejects.toMatchObject({
      pluginCode: 'MIG_B0404',
      id: join(root, 'migrations/0001_a.ts'),
      loc: { file: join(root, 'migrations/0001_a.ts'), line: 2, column: 42 },
      frame: expect.stringContaining('> 2 | /* ä😀 */ export async function up(context: object)'),
      message: expect.stringMatching(
        /^\[MIG_B0404\] migrations\/0001_a\.ts is TypeScript\..*\n├▶ fix: Add .*`rollup-plugin-esbuild`\.\n/,
      ),
    })
    expect(existsSync(out)).toBe(false)
  })

  it('refuses what such a migration imports from its folder too', async () => {
    write(root, {
      'migrations/0001_a.js': `import { name } from './_name.ts'\n${up}void name\n`,
      'migrations/_name.ts': "export const name: string = 'a'\n",
    })
    await expect(buildWithPlainRollup({ app: root, out })).rejects.toMatchObject({
      pluginCode: 'MIG_B0404',
      loc: { file: join(root, 'migrations/_name.ts'), line: 1 },
    })
  })

  it('takes what is named TypeScript and is JavaScript', async () => {
    write(root, { 'migrations/0001_a.ts': up })
    await buildWithPlainRollup({ app: root, out })
    expect((await run(join(out, 'server.js'), out)).loaded).toHaveProperty('app:0001_a.up')
  })

  it('leaves code of the application to Rollup', async () => {
    write(root, {
      'migrations/0001_a.js': up,
      'server.js': "import 'virtual:migrations'\nimport './other.ts'\n",
      'other.ts': 'export const other: number = 1\n',
    })
    await expect(buildWithPlainRollup({ app: root, out })).rejects.toMatchObject({ code: 'PARSE_ERROR' })
  })

  it.each(["module.exports = { uses: { db: 'sql' }, up }\n", "exports.uses = { db: 'sql' }\nexports.up = up\n"])(
    'refuses a migration in CommonJS, and names the plugin that it lacks: %j',
    async (assignments) => {
      write(root, { 'migrations/0001_a.cjs': `'use strict'\nasync function up() {}\n${assignments}` })
      await expect(buildWithPlainRollup({ app: root, out })).rejects.toMatchObject({
        pluginCode: 'MIG_B0405',
        loc: { file: join(root, 'migrations/0001_a.cjs'), line: 3, column: 0 },
        frame: expect.stringContaining(`> 3 | ${assignments.split('\n')[0]}`),
        message: expect.stringContaining('fix: Add `@rollup/plugin-commonjs`.'),
      })
      expect(existsSync(out)).toBe(false)
    },
  )

  it.each([{ transformMixedEsModules: true }, { strictRequires: true }, { strictRequires: 'auto' }] as const)(
    'takes CommonJS with the plugin for it, set to %j',
    async (options) => {
      write(root, {
        'migrations/0001_a.cjs':
          "const { sep } = require('node:path')\nexports.uses = { db: 'sql' }\nexports.up = () => sep\n",
        'migrations/0002_b.cjs': "module.exports = { uses: { db: 'sql' }, up() {} }\n",
      })
      await buildWithPlainRollup({ app: root, out }, {}, { plugins: [commonjs(options)] })
      const { loaded } = await run(join(out, 'server.js'), out)
      expect(loaded).toMatchObject({ 'app:0001_a': { up: 'function' }, 'app:0002_b': { up: 'function' } })
    },
  )
})

describe('a package that ships TypeScript', () => {
  beforeEach(() =>
    write(root, {
      'node_modules/typed/package.json': '{ "name": "typed", "version": "1.0.0", "type": "module", "migrations": "m" }',
      'node_modules/typed/m/0001_a.ts': typed,
    }),
  )

  it('is refused where the compiler leaves out node_modules, and the message says so', async () => {
    await expect(buildWithRollup({ app: root, out })).rejects.toMatchObject({
      pluginCode: 'MIG_B0404',
      message: expect.stringContaining('leave out `node_modules`: let yours `include` this file'),
    })
  })

  it('is built where the compiler includes it', async () => {
    const compiler = compileTypeScript({ include: /\.ts$/, exclude: [], tsconfig: false })
    await buildWithPlainRollup({ app: root, out }, {}, { plugins: [compiler] })
    expect((await run(join(out, 'server.js'), out)).loaded).toHaveProperty('typed:0001_a.up', 'function')
  })
})

describe('one file by Rollup', () => {
  const inlined = { inlineDynamicImports: true } as const

  beforeEach(() =>
    write(root, {
      'server.js':
        "import manifest from 'virtual:migrations'\nimport { loadAll } from './load-all.js'\n" +
        'console.log(JSON.stringify({ loaded: await loadAll(manifest), ranAtStart: globalThis.ran }))\n',
      'migrations/0001_a.js': `globalThis.ran = 'a'\n${up}`,
      'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
    }),
  )

  it('imports migrations first, and says once that they run at each start', async () => {
    const { lines } = await buildWithPlainRollup({ app: root, out }, inlined)
    expect(coded(lines)).toEqual([expect.stringMatching(/\[MIG_B0406\] The modules of .*: app:0001_a\. Leave out/)])
    const { loaded, ranAtStart } = await run(join(out, 'server.js'), out)
    expect(Object.keys(loaded)).toEqual(['app:0001_a', 'app:0002_b'])
    expect(ranAtStart).toBe('a')
  })

  it('says nothing where the user asked for it', async () => {
    const { lines } = await buildWithPlainRollup({ app: root, out, options: { eager: true } }, inlined)
    expect(coded(lines)).toEqual([])
  })

  it('says nothing where only SQL is inlined', async () => {
    rmSync(join(root, 'migrations/0001_a.js'))
    expect(coded((await buildWithPlainRollup({ app: root, out }, inlined)).lines)).toEqual([])
  })

  it('is written to `file` too, with its manifest beside it', async () => {
    await buildWithPlainRollup({ app: root, out }, { ...inlined, dir: undefined, file: join(out, 'main.js') })
    expect(emitted(out).migrations).toHaveLength(2)
  })

  describe('where only the writer asks for it', () => {
    it.each([inlined, { manualChunks: () => 'all' }])('is refused: %o', async (output) => {
      const bundle = await rollup({ input: join(root, 'server.js'), plugins: [migrations({ root })] })
      await expect(bundle.write({ dir: out, ...output })).rejects.toMatchObject({
        pluginCode: 'MIG_B0408',
        message: expect.stringMatching(/in one chunk with the code .*: app:0001_a\.\n├▶ fix: Set .*`eager: true`/),
      })
      await bundle.close()
      expect(existsSync(out)).toBe(false)
    })

    it('works in CommonJS, which cannot wait at its top level', async () => {
      write(root, { ...LOADING_SERVER })
      const lines: string[] = []
      const onwarn = ({ message }: { readonly message: string }): void => void lines.push(message)
      const bundle = await rollup({ input: join(root, 'server.js'), plugins: [migrations({ root })], onwarn })
      await bundle.write({ file: join(out, 'server.cjs'), format: 'cjs', inlineDynamicImports: true })
      await bundle.close()
      expect(coded(lines)).toEqual([expect.stringContaining('[MIG_B0406]')])
      expect(Object.keys((await run(join(out, 'server.cjs'), out)).loaded)).toEqual(['app:0001_a', 'app:0002_b'])
    })
  })
})

it('several outputs of one build have the manifest each', async () => {
  write(root, {
    'migrations/0001_a.js': up,
    'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
  })
  const bundle = await rollup({ input: join(root, 'server.js'), plugins: [migrations({ root })] })
  await bundle.write({ dir: join(out, 'esm') })
  await bundle.write({ dir: join(out, 'cjs'), format: 'cjs' })
  await bundle.close()
  expect(emitted(join(out, 'cjs'))).toEqual(emitted(join(out, 'esm')))
  expect(readFileSync(join(out, 'cjs/server.js'), 'utf8')).toContain('app:0001_a')
})

it('nothing is said where it is not known that the bundle is for a server', async () => {
  write(root, { 'migrations/0001_a.js': up, 'page.js': 'console.log(1)\n' })
  const job = { app: root, out, entry: 'page.js' }
  expect(coded((await buildWithPlainRollup(job)).lines)).toEqual([])
  expect(coded((await buildWithPlainRollup(job, { format: 'cjs' })).lines)).toEqual([
    expect.stringContaining('[MIG_B0402]'),
  ])
})
