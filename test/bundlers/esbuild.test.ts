import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import migrations from '../../src/esbuild.ts'
import { buildWithEsbuild, emitted } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'esbuild-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"

let count = 0
let root = ''
beforeEach(() => {
  root = join(folder, `app${count++}`)
  write(root, {
    ...appPackageJson({}),
    ...LOADING_SERVER,
    'migrations/0001_a.ts': up,
    'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
  })
})

const IDS = [{ id: 'app:0001_a' }, { id: 'app:0002_b' }]

describe('where esbuild writes', () => {
  it('puts the manifest beside `outfile`', async () => {
    const out = join(root, 'deep/out')
    await buildWithEsbuild({ app: root, out }, { outdir: '', outfile: 'deep/out/main.mjs' })
    expect(emitted(out).migrations).toMatchObject(IDS)
    expect((await run(join(out, 'main.mjs'), out)).manifest.migrations).toMatchObject(IDS)
  })

  it('hands the manifest to a caller that writes by itself', async () => {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['server.js'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outdir: 'out',
      write: false,
      plugins: [migrations()],
    })
    const file = outputFiles.find(({ path }) => path === join(root, 'out/migrations.manifest.json'))
    expect(JSON.parse(file?.text ?? '').migrations).toMatchObject(IDS)
    expect(existsSync(join(root, 'out'))).toBe(false)
  })

  it('leaves no manifest of a build that failed', async () => {
    write(root, { 'server.js': "import 'virtual:migrations'\nimport './absent.js'\n" })
    const out = join(root, 'out')
    await expect(buildWithEsbuild({ app: root, out })).rejects.toThrow('./absent.js')
    expect(existsSync(out)).toBe(false)
  })
})

it('bundles migrations where packages are left external', async () => {
  const out = join(root, 'out')
  await buildWithEsbuild({ app: root, out }, { packages: 'external' })
  const text = readFileSync(join(out, 'server.js'), 'utf8')
  expect(text).not.toContain(folder)
  expect(Object.keys((await run(join(out, 'server.js'), out)).loaded)).toEqual(['app:0001_a', 'app:0002_b'])
})

it('is made again when a file is edited, added or removed while esbuild watches, also after an error', async () => {
  const results: esbuild.BuildResult[] = []
  const recorder: esbuild.Plugin = {
    name: 'recorder',
    setup: (build) => build.onEnd((result) => void results.push(result)),
  }
  const context = await esbuild.context({
    absWorkingDir: root,
    entryPoints: ['server.js'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: 'out',
    logLevel: 'silent',
    plugins: [migrations(), recorder],
  })
  const until = (isDone: (names: readonly string[], errors: readonly string[]) => boolean): Promise<void> =>
    vi.waitFor(
      () => {
        const names = emitted(join(root, 'out')).migrations.map(({ id, hash }) => `${id} ${hash}`)
        expect([names, results.at(-1)?.errors.map(({ text }) => text) ?? []]).toSatisfy(([list, errors]) =>
          isDone(list, errors),
        )
      },
      { timeout: 30_000, interval: 100 },
    )
  rmSync(join(root, 'migrations'), { recursive: true })
  try {
    await context.watch()
    await until((names) => names.length === 0)
    write(root, { 'migrations/0001_a.ts': up, 'migrations/0002_b.sql': '-- uses: db\nselect 1;\n' })
    await until((names) => names.length === 2)
    const [first = ''] = emitted(join(root, 'out')).migrations.map(({ id, hash }) => `${id} ${hash}`)

    write(root, { 'migrations/0003_c.js': up })
    await until((names) => names.some((name) => name.startsWith('app:0003_c')))
    write(root, { 'migrations/0001_a.ts': `${up}export const down = false\n` })
    await until((names) => names.length === 3 && !names.includes(first))
    write(root, { 'migrations/0001_a.ts': 'export const uses = {' })
    await until((_, errors) => errors.some((text) => text.includes('[MIG_B0301]')))
    write(root, { 'migrations/0001_a.ts': up })
    await until((names, errors) => names.includes(first) && errors.length === 0)
    rmSync(join(root, 'migrations/0003_c.js'))
    await until((names) => names.length === 2)
    write(root, { 'migrations/deep/down/0004_d.js': up })
    await until((names) => names.length === 3)
    write(root, { 'migrations/deep/down/0005_e.js': up })
    await until((names) => names.length === 4)
  } finally {
    await context.dispose()
  }
})
