import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as vite from 'vite'
import migrations from '../../src/vite.ts'
import { buildWithEsbuild, collector, emitted } from './builds.ts'
import { write } from './fixture.ts'
import { run } from './servers.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'client-')))
write(root, {
  'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
  'index.html': '<!doctype html><script type="module" src="/client.js"></script>\n',
  'client.js': "// a page\nimport manifest from 'virtual:migrations'\nconsole.log(JSON.stringify({ manifest }))\n",
  'server.js': "import manifest from 'virtual:migrations'\nconsole.log(JSON.stringify({ manifest }))\n",
  'migrations/0001_a.js': "export const uses = { db: 'sql' }\nexport async function up() {}\n",
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

// These builds are not part of a test runner, as far as the plugin can see.
beforeEach(() => void vi.stubEnv('VITEST', ''))
afterEach(() => void vi.unstubAllEnvs())

async function buildClient(out: string, options?: Parameters<typeof migrations>[0]): Promise<unknown> {
  const build = { outDir: join(root, out), minify: false }
  const settings = { root, configFile: false, logLevel: 'warn', customLogger: collector([]) } as const
  return vite.build({ ...settings, build, plugins: [migrations(options)] }).catch((error: unknown) => error)
}

describe('an import of the manifest for a client', () => {
  it('is an error in a build by Vite, with the importing line', async () => {
    const error = await buildClient('out')
    expect(error).toMatchObject({
      errors: [
        {
          pluginCode: 'MIG_B0401',
          id: join(root, 'client.js'),
          loc: { file: join(root, 'client.js'), line: 2 },
          message: expect.stringMatching(
            /^\[MIG_B0401\] virtual:migrations is imported by client.js for the client environment "client"/,
          ),
          frame: expect.stringContaining("> 2 | import manifest from 'virtual:migrations'"),
        },
      ],
    })
  })

  it('passes with `client: true`, and leaves no manifest among public files', async () => {
    expect(await buildClient('allowed', { client: true })).not.toBeInstanceOf(Error)
    expect(existsSync(join(root, 'allowed/index.html'))).toBe(true)
    expect(existsSync(join(root, 'allowed/migrations.manifest.json'))).toBe(false)
  })

  it('is an error in the development server too', async () => {
    const server = await vite.createServer({
      root,
      configFile: false,
      customLogger: collector([]),
      plugins: [migrations()],
      server: { middlewareMode: true, ws: false },
    })
    try {
      await expect(server.environments.client.transformRequest('/client.js')).rejects.toThrow('[MIG_B0401]')
      await expect(server.environments.ssr.transformRequest('/server.js')).resolves.toHaveProperty('code')
    } finally {
      await server.close()
    }
  })

  it('is none in a test runner, whatever its environment is', async () => {
    vi.stubEnv('VITEST', 'true')
    expect(await buildClient('tested')).not.toBeInstanceOf(Error)
  })

  it('is a warning in esbuild, where `browser` was asked for', async () => {
    const job = { app: root, out: join(root, 'browser'), entry: 'client.js' }
    const { messages } = await buildWithEsbuild(job, { platform: 'browser' })
    expect(messages).toMatchObject([
      { text: expect.stringContaining('[MIG_B0401]'), location: { file: 'client.js', line: 2 } },
    ])
    const allowed = await buildWithEsbuild({ ...job, options: { client: true } }, { platform: 'browser' })
    expect(allowed.messages).toEqual([])
  })
})

it('one build of a client and a server has the manifest in the server only', async () => {
  const plugin = migrations()
  const builder = await vite.createBuilder({
    root,
    configFile: false,
    customLogger: collector([]),
    logLevel: 'warn',
    plugins: [plugin],
    environments: {
      client: { build: { outDir: join(root, 'both/client'), rolldownOptions: { input: join(root, 'static.js') } } },
      ssr: { build: { outDir: join(root, 'both/server'), rolldownOptions: { input: join(root, 'server.js') } } },
    },
    builder: {},
  })
  write(root, { 'static.js': 'console.log(1)\n' })
  await builder.buildApp()
  expect(existsSync(join(root, 'both/client/migrations.manifest.json'))).toBe(false)
  expect(emitted(join(root, 'both/server')).migrations).toMatchObject([{ id: 'app:0001_a' }])
  const printed = await run(join(root, 'both/server/server.js'), root)
  expect(printed.manifest.migrations).toMatchObject([{ id: 'app:0001_a' }])
})
