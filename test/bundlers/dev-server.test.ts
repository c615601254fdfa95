import { mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as vite from 'vite'
import type { Manifest } from '../../src/graph/manifest.ts'
import migrations from '../../src/vite.ts'
import { collector } from './builds.ts'
import { type Files, write } from './fixture.ts'

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"

const APP: Files = {
  'package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    private: true,
    type: 'module',
    dependencies: { classic: '*', linked: '*' },
  }),
  'server.js': `import manifest from 'virtual:migrations'
export default manifest
`,
  'migrations/0001_a.ts': `${up}export const labels: readonly string[] = []\n`,
  'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
  'node_modules/classic/package.json': '{ "name": "classic", "version": "1.0.0", "migrations": "migrations" }',
  'node_modules/classic/migrations/0001_init.js':
    "const { sep } = require('node:path')\nmodule.exports = { uses: { db: 'sql' }, async up() { return sep } }\n",
  '../linked/package.json': '{ "name": "linked", "version": "1.0.0", "migrations": "migrations" }',
  '../linked/migrations/0001_init.js': "exports.uses = { db: 'sql' }\nexports.up = async () => 1\n",
}

interface Running {
  readonly root: string
  readonly server: vite.ViteDevServer
  readonly lines: readonly string[]
  /** What was sent to browsers. */
  readonly sent: readonly { readonly type: string; readonly err?: object }[]
  /** Imports the server entry, as a request does. */
  manifest(): Promise<Manifest>
  /** Waits until the watcher saw what happened and the entry has another manifest. */
  until(isDone: (held: Readonly<Record<string, boolean>>) => boolean): Promise<Manifest>
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start(changes: Files = {}, options: vite.ServerOptions = {}): Promise<Running> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-')))
  const root = join(folder, 'app')
  write(root, { ...APP, ...changes })
  symlinkSync(join(folder, 'linked'), join(root, 'node_modules/linked'))
  const lines: string[] = []
  const server = await vite.createServer({
    root,
    configFile: false,
    customLogger: collector(lines),
    plugins: [migrations()],
    server: { middlewareMode: true, ws: false, ...options },
    optimizeDeps: { noDiscovery: true },
  })
  open.push(server, { close: () => rmSync(folder, { recursive: true }) })
  const send = vi.spyOn(server.environments.client.hot, 'send')
  const environment = server.environments.ssr
  if (!vite.isRunnableDevEnvironment(environment)) throw new Error('the SSR environment cannot run modules')
  const manifest = async (): Promise<Manifest> => (await environment.runner.import('/server.js')).default
  await vi.waitFor(() => {
    const watched = Object.keys(server.watcher.getWatched())
    expect(watched).toEqual(expect.arrayContaining([join(root, 'migrations'), join(folder, 'linked/migrations')]))
  }, 20_000)
  return {
    root,
    server,
    lines,
    get sent() {
      return send.mock.calls.map(([payload]) => payload as unknown as Running['sent'][number])
    },
    manifest,
    async until(isDone) {
      return vi.waitFor(
        async () => {
          const current = await manifest()
          expect(heldOf(current)).toSatisfy(isDone)
          return current
        },
        { timeout: 20_000, interval: 100 },
      )
    },
  }
}

/** Id → whether it is held. */
function heldOf({ migrations: list }: Manifest): Readonly<Record<string, boolean>> {
  return Object.fromEntries(list.map(({ id, held = false }) => [id, held]))
}

/** What the module of a migration exports by default. */
async function load({ migrations: list }: Manifest, id: string): Promise<unknown> {
  const module = await list.find((each) => each.id === id)?.load('sqlite')
  return (module as { default?: unknown }).default
}

async function runLinked(manifest: Manifest): Promise<number> {
  return ((await load(manifest, 'linked:0001_init')) as { up(): Promise<number> }).up()
}

const NOTHING_HELD = {
  'app:0001_a': false,
  'app:0002_b': false,
  'classic:0001_init': false,
  'linked:0001_init': false,
}

describe('the development server of Vite', () => {
  it('starts with nothing held, and loads every kind of migration', async () => {
    const { manifest, lines } = await start()
    const current = await manifest()
    expect(heldOf(current)).toEqual(NOTHING_HELD)
    expect(current.development).toBe(true)
    expect(await load(current, 'app:0001_a')).toBeUndefined()
    expect(await current.migrations.find(({ id }) => id === 'app:0001_a')?.load(undefined)).toHaveProperty('up')
    expect(await load(current, 'app:0002_b')).toEqual({ up: '-- uses: db\nselect 1;\n' })
    expect(await load(current, 'classic:0001_init')).toMatchObject({ up: expect.any(Function) })
    expect(await load(current, 'linked:0001_init')).toMatchObject({ up: expect.any(Function) })
    expect(lines.filter((line) => line.includes('migrations'))).toEqual([])
  })

  it('holds what is added and edited, forgets what is removed, and says so in one line each', async () => {
    const { root, manifest, until, lines } = await start()
    const { digest } = await manifest()

    write(root, { 'migrations/0003_c.js': up })
    const added = await until((held) => held['app:0003_c'] === true)
    expect(heldOf(added)).toEqual({ ...NOTHING_HELD, 'app:0003_c': true })
    expect(added.digest).toBe(digest)
    expect(lines.at(-2)).toContain('migrations changed: added app:0003_c. 1 held')

    write(root, { 'migrations/0001_a.ts': `${up}export const down = false\n` })
    const edited = await until((held) => held['app:0001_a'] === true)
    expect(edited.digest).not.toBe(digest)
    expect(lines.filter((line) => line.includes('edited app:0001_a. 2 held'))).toHaveLength(1)

    write(root, { 'migrations/0001_a.ts': `// as it was\n${APP['migrations/0001_a.ts']}` })
    await until((held) => held['app:0001_a'] === false)

    rmSync(join(root, 'migrations/0003_c.js'))
    const back = await until((held) => !('app:0003_c' in held))
    expect(heldOf(back)).toEqual(NOTHING_HELD)
    expect(back.digest).toBe(digest)
    expect(lines.filter((line) => line.includes('removed app:0003_c. 0 held'))).toHaveLength(1)
  })

  it('takes a rename as one change', async () => {
    const { root, until, lines } = await start()
    renameSync(join(root, 'migrations/0002_b.sql'), join(root, 'migrations/0002_c.sql'))
    await until((held) => held['app:0002_c'] === true && !('app:0002_b' in held))
    expect(lines.filter((line) => line.includes('migrations changed'))).toEqual([
      expect.stringContaining('added app:0002_c; removed app:0002_b. 1 held'),
    ])
  })

  it('gives the new text of a file that was loaded before', async () => {
    const { root, manifest, until } = await start()
    const before = await manifest()
    expect(await load(before, 'app:0002_b')).toEqual({ up: '-- uses: db\nselect 1;\n' })
    write(root, { 'migrations/0002_b.sql': '-- uses: db\r\nselect 2;\r\n', 'migrations/0002_b.down.sql': 'select 3;' })
    const after = await until((held) => held['app:0002_b'] === true)
    expect(await load(after, 'app:0002_b')).toEqual({ up: '-- uses: db\nselect 2;\n', down: 'select 3;' })
  })

  it('follows a linked package outside its root, CommonJS too', async () => {
    const { root, manifest, until } = await start()
    expect(await runLinked(await manifest())).toBe(1)
    write(root, {
      '../linked/migrations/0001_init.js': "exports.uses = { db: 'sql' }\nexports.up = async () => 2\n",
      '../linked/migrations/0002_more.js': "exports.uses = { db: 'sql' }\nexports.up = async () => 3\n",
    })
    const after = await until((held) => held['linked:0001_init'] === true && held['linked:0002_more'] === true)
    expect(await runLinked(after)).toBe(2)
  })

  it('keeps the last good manifest after an error, shows the error, and goes on when it is mended', async () => {
    const running = await start()
    const { root, manifest, until, lines } = running
    const good = await manifest()

    write(root, { 'migrations/0001_a.ts': "export const uses = { db: 'sql' }\nexport async function up( {\n" })
    const error = await vi.waitFor(
      () => running.sent.find(({ type }) => type === 'error') ?? Promise.reject(new Error('no error yet')),
      { timeout: 20_000 },
    )
    expect(error.err).toMatchObject({
      plugin: 'unplugin-migrations',
      pluginCode: 'MIG_B0301',
      message: expect.stringContaining('[MIG_B0301]'),
      id: join(root, 'migrations/0001_a.ts'),
      loc: { file: join(root, 'migrations/0001_a.ts'), line: 3 },
      frame: expect.stringContaining('export async function up( {'),
    })
    expect(lines.filter((line) => line.includes('MIG_B0301'))).toEqual([expect.stringContaining('up( {')])
    const kept = await until((held) => held['app:0001_a'] === true)
    expect(kept.migrations.map(({ hash }) => hash)).toEqual(good.migrations.map(({ hash }) => hash))
    expect(heldOf(kept)).toEqual({ ...NOTHING_HELD, 'app:0001_a': true, 'app:0002_b': true })

    write(root, { 'migrations/0001_a.ts': `${up}export const verify = async () => {}\n` })
    const mended = await until((held) => held['app:0002_b'] === false)
    expect(heldOf(mended)).toEqual({ ...NOTHING_HELD, 'app:0001_a': true })
    expect(running.sent).toContainEqual({ type: 'update', updates: [] })
  })

  it('holds what is edited while another file has an error: its new text would run under its old hash', async () => {
    const { root, manifest, until } = await start()
    await manifest()
    write(root, { 'migrations/0002_b.sql': '-- uses: db\ndrop table users;\n', 'migrations/0003_c.ts': 'export const' })
    await until((held) => held['app:0002_b'] === true)
    write(root, { 'migrations/0003_c.ts': up })
    const mended = await until((held) => held['app:0003_c'] === true)
    expect(heldOf(mended)).toEqual({ ...NOTHING_HELD, 'app:0002_b': true, 'app:0003_c': true })
  })

  it('follows files without hot updates too', async () => {
    const { root, manifest, until, lines } = await start({}, { hmr: false })
    const before = await manifest()
    expect(heldOf(before)).toEqual(NOTHING_HELD)
    write(root, { 'migrations/0002_b.sql': '-- uses: db\nselect 2;\n', 'migrations/0003_c.ts': up })
    const after = await until((held) => held['app:0002_b'] === true && held['app:0003_c'] === true)
    expect(await load(after, 'app:0002_b')).toEqual({ up: '-- uses: db\nselect 2;\n' })
    expect(lines.filter((line) => line.includes('added app:0003_c; edited app:0002_b. 2 held'))).toHaveLength(1)
    rmSync(join(root, 'migrations/0003_c.ts'))
    await until((held) => !('app:0003_c' in held))
  })

  it('starts with an error, and holds only what was mended', async () => {
    const { root, manifest, until } = await start({ 'migrations/0001_a.ts': 'export const uses = {' })
    await expect(manifest()).rejects.toMatchObject({
      message: expect.stringContaining('[MIG_B0301]'),
      pluginCode: 'MIG_B0301',
      id: join(root, 'migrations/0001_a.ts'),
    })
    write(root, { 'migrations/0001_a.ts': up })
    const mended = await until((held) => 'app:0001_a' in held)
    expect(heldOf(mended)).toEqual({ ...NOTHING_HELD, 'app:0001_a': true, 'app:0002_b': true })
  })

  it('serves the manifest as JSON', async () => {
    const { server, manifest } = await start()
    const http: Server = createHttpServer(server.middlewares).listen(0, 'localhost')
    open.unshift({ close: () => http.close() })
    await vi.waitFor(() => expect(http.listening).toBe(true))
    const response = await fetch(`http://localhost:${(http.address() as AddressInfo).port}/__migrations.json`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    // The module brings code for its several roles too, whose functions JSON leaves out.
    const data: object = { ...(await response.json()), storages: { several: {} } }
    expect(data).toEqual(JSON.parse(JSON.stringify(await manifest())))
  })
})
