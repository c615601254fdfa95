import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as vite from 'vite'
import migrationsOfEsbuild from '../../src/esbuild.ts'
import migrationsOfVite from '../../src/vite.ts'
import { emitted } from './builds.ts'
import { appPackageJson, write } from './fixture.ts'
import { type Printed, run } from './servers.ts'

const repository = join(import.meta.dirname, '../..')
const app = realpathSync(mkdtempSync(join(tmpdir(), 'traits-')))
afterAll(() => rmSync(app, { recursive: true, force: true }))

beforeAll(() => {
  write(app, {
    ...appPackageJson({}),
    'migrations/0001_lines.sql': '-- uses: db\ncreate table lines (line text);\n',
    'migrations/0002_never.js': `export const uses = { db: 'sql' }
export const when = async () => false
export const up = async () => { throw new Error('never') }
`,
    'migrations/0003_steps.js': `export const uses = { db: 'sql' }
export const steps = [
  { name: 'first', uses: ['db'], async up({ db }) { await db.run\`insert into lines values ('first')\` } },
  { name: 'second', async up() { if (globalThis.isBroken) throw new Error('broken') } },
]
`,
    'migrations/0004_late.js': `export const uses = { db: 'sql' }
export const deferrable = true
export const up = async ({ db }) => { await db.run\`insert into lines values ('late')\` }
`,
    'migrations/a_view.sql': '-- uses: db\n-- repeatable: onChange\ncreate view one as select 1;\n',
    'server.js': `import { answer } from './answer.js'\nconsole.log(JSON.stringify(await answer()))\n`,
    'answer.js': `import Database from 'better-sqlite3'
import betterSqlite3 from 'unplugin-migrations/adapters/better-sqlite3'
import { migrate, MigrationError } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'

export async function answer() {
  const database = new Database(':memory:')
  const config = { adapters: { db: betterSqlite3(database) }, state: 'db' }
  const lines = () => database.prepare('select line from lines').pluck().all()
  globalThis.isBroken = true
  const error = await migrate(manifest, { ...config, mode: 'required' }).catch((thrown) => thrown)
  const failed = { isOurs: error instanceof MigrationError, code: error.code, lines: lines() }
  globalThis.isBroken = false
  const required = await migrate(manifest, { ...config, mode: 'required' })
  const all = await migrate(manifest, config)
  const applied = [required, all].map((each) => each.applied.map(({ id }) => id))
  return { failed, applied, lines: lines() }
}
`,
  })
  // As it is installed: bundlers treat what is linked otherwise.
  for (const part of ['dist', 'package.json'])
    cpSync(join(repository, part), join(app, 'node_modules/unplugin-migrations', part), { recursive: true })
  symlinkSync(join(repository, 'node_modules/better-sqlite3'), join(app, 'node_modules/better-sqlite3'))
})

const buildWithVite = (out: string, ssr: vite.SSROptions): Promise<unknown> =>
  vite.build({
    root: app,
    configFile: false,
    logLevel: 'warn',
    plugins: [migrationsOfVite()],
    ssr: { external: ['better-sqlite3'], ...ssr },
    build: { ssr: join(app, 'server.js'), outDir: out, emptyOutDir: true, rolldownOptions: { cwd: app } },
  })

const buildWithEsbuild = (out: string, options: esbuild.BuildOptions): Promise<unknown> =>
  esbuild.build({
    absWorkingDir: app,
    entryPoints: ['server.js'],
    outdir: out,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['better-sqlite3'],
    plugins: [migrationsOfEsbuild()],
    ...options,
  })

const BUILDS: Readonly<Record<string, (out: string) => Promise<unknown>>> = {
  'Vite, packages left out': (out) => buildWithVite(out, {}),
  'Vite, packages inside': (out) => buildWithVite(out, { noExternal: true }),
  'esbuild, packages left out': (out) => buildWithEsbuild(out, { packages: 'external' }),
  'esbuild, packages inside': (out) => buildWithEsbuild(out, {}),
}

/** A failed step leaves those before it done, and is the error of the runtime that the application imports. */
const EXPECTED = {
  failed: { isOurs: true, code: 'MIG_R0201', lines: ['first'] },
  applied: [['app:0003_steps', 'app:a_view'], ['app:0004_late']],
  lines: ['first', 'late'],
}

interface Answer extends Printed {
  readonly failed: object
  readonly applied: readonly (readonly string[])[]
  readonly lines: readonly string[]
}

describe.each(Object.entries(BUILDS))('%s', (name, build) => {
  const out = join(app, 'out', name)

  it('emits what migrations ask of their run', async () => {
    await build(out)
    const { migrations, digest, required } = emitted(out)
    expect(migrations.map(({ id, has, traits, after }) => ({ id, has, traits, after }))).toEqual([
      { id: 'app:0001_lines', has: ['up'], after: [] },
      { id: 'app:0002_never', has: ['up', 'when'], after: [0] },
      {
        id: 'app:0003_steps',
        has: ['steps'],
        traits: { steps: [{ name: 'first', uses: ['db'] }, { name: 'second' }] },
        after: [1],
      },
      { id: 'app:0004_late', has: ['up'], traits: { deferrable: true }, after: [2] },
      { id: 'app:a_view', has: ['up'], traits: { repeatable: 'onChange', revision: 1 }, after: [] },
    ])
    expect(required).toMatch(/^[0-9a-f]{64}$/)
    expect(required).not.toBe(digest)
  })

  it('runs them so, with one runtime in the process', async () => {
    const { failed, applied, lines } = await run<Answer>(join(out, 'server.js'), app)
    expect({ failed, applied, lines }).toEqual(EXPECTED)
    expect(readFileSync(join(out, 'server.js'), 'utf8')).not.toContain(app)
  })
})

it('a development server runs them so too', async () => {
  const server = await vite.createServer({
    root: app,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
    plugins: [migrationsOfVite()],
  })
  try {
    const { answer } = (await server.ssrLoadModule('/answer.js')) as { readonly answer: () => Promise<Answer> }
    expect(await answer()).toEqual(EXPECTED)
  } finally {
    await server.close()
  }
})
