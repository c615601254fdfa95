import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as vite from 'vite'
import { typesFile } from '../../src/codegen/types-file.ts'
import type { Options } from '../../src/index.ts'
import migrations from '../../src/vite.ts'
import { buildWithEsbuild, buildWithRolldown, buildWithRollup, buildWithVite, type Job } from './builds.ts'
import { appPackageJson, write } from './fixture.ts'
import { follows } from './follows.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'types-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"
const TWO = typesFile(['app:0001_a', 'app:0002_b'])

let count = 0
let app = ''
let file = ''
beforeEach(() => {
  app = join(folder, `app${count++}`)
  file = join(app, 'migrations-env.d.ts')
  write(app, {
    ...appPackageJson({}),
    'tsconfig.json': '{}',
    'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
    'migrations/0001_a.ts': up,
    'migrations/0002_b.sql': '-- uses: db\nselect 1;\n',
  })
})

const text = (): string => readFileSync(file, 'utf8')
/** What a file is until another takes its place. */
const inode = (): number => statSync(file).ino

describe.each([
  ['Vite', buildWithVite],
  ['Rollup', buildWithRollup],
  ['Rolldown', buildWithRolldown],
  ['esbuild', buildWithEsbuild],
])('migrations-env.d.ts, %s', (_, build) => {
  const job = (options: Options = {}): Job => ({ app, out: join(app, 'out'), entry: 'server.js', options })

  it('is written beside package.json, again when it is gone or the ids changed, and not otherwise', async () => {
    await build(job())
    expect(text()).toBe(TWO)
    expect(readdirSync(app).toSorted()).toEqual(
      ['migrations', 'migrations-env.d.ts', 'out', 'package.json', 'server.js', 'tsconfig.json'].toSorted(),
    )
    const first = inode()
    await build(job())
    expect(inode()).toBe(first)

    rmSync(file)
    await build(job())
    expect(text()).toBe(TWO)

    write(app, { 'migrations/0003_c.js': up })
    await build(job())
    expect(text()).toBe(typesFile(['app:0001_a', 'app:0002_b', 'app:0003_c']))
  })

  it('follows the option `types`, and else whether there is a tsconfig.json', async () => {
    await build(job({ types: false }))
    expect(existsSync(file)).toBe(false)
    rmSync(join(app, 'tsconfig.json'))
    await build(job())
    expect(existsSync(file)).toBe(false)
    await build(job({ types: true }))
    expect(text()).toBe(TWO)
  })

  it('is one warning where it cannot be written, and the build is whole', async () => {
    mkdirSync(file)
    const { lines } = await build(job())
    expect(lines.filter((line) => line.includes('MIG_B0409'))).toEqual([
      expect.stringContaining('migrations-env.d.ts cannot be written'),
    ])
    expect(existsSync(join(app, 'out/migrations.manifest.json'))).toBe(true)
    expect(readdirSync(app).filter((name) => name.includes('migrations-env'))).toEqual(['migrations-env.d.ts'])
  })

  it('stays as it was after an error', async () => {
    await build(job())
    write(app, { 'migrations/0001_a.ts': 'export const uses = {' })
    await expect(build(job())).rejects.toThrow('MIG_B0301')
    expect(text()).toBe(TWO)
  })

  it('may be checked out with the line ends of Windows', async () => {
    const windows = TWO.replaceAll('\n', '\r\n')
    write(app, { 'migrations-env.d.ts': windows })
    await build(job())
    expect(text()).toBe(windows)
  })
})

it('migrations-env.d.ts follows the files of a development server, and stays as it was after an error', async () => {
  const server = await vite.createServer({
    root: app,
    configFile: false,
    logLevel: 'silent',
    plugins: [migrations()],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  })
  const send = vi.spyOn(server.environments.client.hot, 'send')
  const until = (isDone: () => void, timeout = 20_000): Promise<void> => vi.waitFor(isDone, { timeout, interval: 100 })
  try {
    await until(() => expect(text()).toBe(TWO))
    await until(() => expect(Object.keys(server.watcher.getWatched())).toContain(join(app, 'migrations')))
    await follows(
      () => write(app, { 'migrations/0003_c.js': up }),
      (timeout) => until(() => expect(text()).toBe(typesFile(['app:0001_a', 'app:0002_b', 'app:0003_c'])), timeout),
    )

    write(app, { 'migrations/0001_a.ts': 'export const uses = {' })
    await until(() => expect(send.mock.calls.some(([payload]) => Object(payload).type === 'error')).toBe(true))
    expect(text()).toContain('app:0001_a')

    write(app, { 'migrations/0001_a.ts': up })
    rmSync(join(app, 'migrations/0003_c.js'))
    await until(() => expect(text()).toBe(TWO))
  } finally {
    await server.close()
  }
})
