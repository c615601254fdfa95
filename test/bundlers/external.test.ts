import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import compileTypeScript from 'rollup-plugin-esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { buildWithPlainRollup, buildWithRolldown, buildWithVite, type Job, type Said } from './builds.ts'
import { appPackageJson, write } from './fixture.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'external-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

write(root, {
  ...appPackageJson({}),
  'server.js': "// starts\nimport manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
  'migrations/0001_a.js': "export const uses = { db: 'sql' }\nexport async function up() {}\n",
  'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
  'migrations/0003_both.sql': '-- uses: db\n-- replaces: app:0001_a, app:0002_b\nselect 1;\n',
})

type External = (id: string) => boolean

const HOSTS: Readonly<Record<string, (job: Job, external: External) => Promise<Said>>> = {
  Vite: (job, external) => buildWithVite(job, { rolldownOptions: { external } }),
  Rollup: (job, external) =>
    buildWithPlainRollup(job, {}, { external, plugins: [compileTypeScript({ tsconfig: false })] }),
  Rolldown: (job, external) => buildWithRolldown(job, {}, { external }),
}

async function errorOf(building: Promise<unknown>): Promise<object> {
  const failure: unknown = await building.catch((error: unknown) => error)
  if (!(failure instanceof Error)) throw new Error('it builds')
  return 'errors' in failure ? ((failure.errors as readonly Error[])[0] ?? failure) : failure
}

describe.each(Object.entries(HOSTS))('%s', (host, build) => {
  const job = { app: root, out: join(root, 'out', host) }

  it('refuses to leave the manifest out of the bundle, and shows who imports it', async () => {
    expect(await errorOf(build(job, (id) => /^[^./]/.test(id)))).toMatchObject({
      pluginCode: 'MIG_B0407',
      loc: { file: join(root, 'server.js'), line: 2 },
      frame: expect.stringContaining("> 2 | import manifest from 'virtual:migrations'"),
      message: expect.stringContaining('[MIG_B0407] virtual:migrations is left out of the bundle as external'),
    })
    expect(existsSync(job.out)).toBe(false)
  })

  it('refuses to leave migrations out of the bundle, and names them', async () => {
    expect(await errorOf(build(job, (id) => id.includes('/migrations/')))).toMatchObject({
      pluginCode: 'MIG_B0407',
      message: expect.stringContaining(': migrations/0001_a.js, migrations/0002_b.sql, migrations/0003_both.sql.\n'),
    })
    expect(existsSync(job.out)).toBe(false)
  })

  it('refuses to leave out what a manifest with squashes needs', async () => {
    expect(await errorOf(build(job, (id) => id.endsWith('/strategies/squashes.ts')))).toMatchObject({
      pluginCode: 'MIG_B0407',
      message: expect.stringMatching(/: \S*\/strategies\/squashes\.ts\.\n/),
    })
    expect(existsSync(job.out)).toBe(false)
  })
})
