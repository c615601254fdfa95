import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { BUILDS } from './builds.ts'
import { appPackageJson, LOADING_SERVER, write } from './fixture.ts'
import { run } from './servers.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'await-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

write(root, {
  ...appPackageJson({}),
  ...LOADING_SERVER,
  'migrations/0001_a.js':
    "const name = await Promise.resolve('a')\nexport const uses = { db: 'sql' }\nexport const up = () => name\n",
})

const isEsm = ({ server }: { readonly server: string }): boolean => server === 'server.js'

it.each(BUILDS.filter(isEsm))('$name: a migration may wait at its top level', async ({ name, build, server }) => {
  const out = join(root, name)
  await build({ app: root, out })
  expect((await run(join(out, server), out)).loaded).toHaveProperty('app:0001_a.up', 'function')
})

it.each(BUILDS.filter((builder) => !isEsm(builder)))(
  '$name: the bundler says that CommonJS has none, and names the migration',
  async ({ name, build }) => {
    const error: unknown = await build({ app: root, out: join(root, name) }).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ message: expect.stringMatching(/top-level await/i) })
    const { id = '', message } = error as { readonly id?: string; readonly message: string }
    expect(`${message} ${id}`).toContain('migrations/0001_a.js')
  },
)
