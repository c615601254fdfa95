import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutputOptions } from 'rolldown'
import { afterAll, describe, expect, it } from 'vitest'
import { buildWithRolldown, buildWithVite, type Job, type Said } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'joined-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

write(root, {
  ...appPackageJson({}),
  ...LOADING_SERVER,
  'server.js': `import manifest from 'virtual:migrations'
import { loadAll } from './load-all.js'
console.log(JSON.stringify({ loaded: await loadAll(manifest) }))
`,
  'migrations/0001_a.js': "export const uses = { db: 'sql' }\nexport async function up() {}\n",
})

const ALL = { codeSplitting: { groups: [{ name: 'all', test: /./ }] } }

const HOSTS: Readonly<Record<string, (job: Job, output: OutputOptions) => Promise<Said>>> = {
  Vite: (job, output) => buildWithVite(job, { rolldownOptions: { output } }),
  Rolldown: buildWithRolldown,
}

describe.each(Object.entries(HOSTS))('%s, with a group of chunks that joins migrations and server', (host, build) => {
  it('is refused, since the server would wait for itself', async () => {
    const job = { app: root, out: join(root, 'refused', host) }
    await expect(build(job, ALL)).rejects.toThrow(
      /\[MIG_B0408\] .*: app:0001_a\.\n├▶ fix: Set the option `eager: true`/,
    )
    expect(existsSync(job.out)).toBe(false)
  })

  it.each([
    { how: 'eager migrations', output: ALL, options: { eager: true } },
    { how: 'strict order', output: { ...ALL, strictExecutionOrder: true }, options: {} },
    {
      how: 'migrations left out',
      output: { codeSplitting: { groups: [{ name: 'all', test: /load-all/ }] } },
      options: {},
    },
  ])('runs with $how', async ({ how, output, options }) => {
    const out = join(root, how, host)
    await build({ app: root, out, options }, output)
    expect((await run(join(out, 'server.js'), out)).loaded).toHaveProperty('app:0001_a.up', 'function')
  })
})
