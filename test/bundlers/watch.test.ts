import { mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watch as watchWithRolldown } from 'rolldown'
import { watch as watchWithRollup } from 'rollup'
import { afterAll, expect, it, vi } from 'vitest'
import * as vite from 'vite'
import migrationsOfRolldown from '../../src/rolldown.ts'
import migrationsOfRollup from '../../src/rollup.ts'
import migrationsOfVite from '../../src/vite.ts'
import { collector, emitted } from './builds.ts'
import { write } from './fixture.ts'
import { follows } from './follows.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"

interface Watching {
  /** Messages of the builds that failed. */
  readonly errors: readonly string[]
  /** Between two builds: a watcher may miss what changes while it builds. */
  isIdle(): boolean
  close(): Promise<void>
}

interface Place {
  readonly root: string
  readonly input: string
  readonly out: string
}

/** What the watchers of Rollup, Rolldown and Vite have in common. */
interface Watcher {
  on(event: 'event', listener: (event: WatcherEvent) => unknown): unknown
  close(): Promise<void>
}

interface WatcherEvent {
  readonly code: string
  readonly error?: Error
  readonly result?: { close(): unknown } | null
}

function watching(watcher: Watcher): Watching {
  const errors: string[] = []
  let isIdle = false
  watcher.on('event', ({ code, error, result }) => {
    isIdle = code === 'END' || code === 'ERROR'
    if (code === 'ERROR') errors.push(error?.message ?? '')
    return result?.close()
  })
  return { errors, isIdle: () => isIdle, close: () => watcher.close() }
}

const HOSTS: Readonly<Record<string, (place: Place) => Promise<Watching>>> = {
  async Vite({ root, input, out }) {
    const watcher = await vite.build({
      root,
      configFile: false,
      logLevel: 'warn',
      customLogger: collector([]),
      plugins: [migrationsOfVite()],
      build: { ssr: input, outDir: out, watch: {} },
    })
    if (!('on' in watcher)) throw new Error('it does not watch')
    return watching(watcher as Watcher)
  },
  async Rollup({ root, input, out }) {
    const plugins = [migrationsOfRollup({ root })]
    return watching(watchWithRollup({ input, output: { dir: out }, plugins }) as Watcher)
  },
  async Rolldown({ root, input, out }) {
    const plugins = [migrationsOfRolldown()]
    return watching(watchWithRolldown({ cwd: root, input, output: { dir: out }, plugins }) as Watcher)
  },
}

it.each(Object.entries(HOSTS))(
  'a watching build by %s follows what is edited, added, renamed and removed, also after an error',
  async (host, start) => {
    const root = join(folder, host)
    const out = join(root, 'out')
    write(root, {
      'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
      'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
      'migrations/0001_a.js': up,
    })
    const { errors, isIdle, close } = await start({ root, input: join(root, 'server.js'), out })
    const until = (isDone: (hashes: Readonly<Record<string, string>>) => boolean, timeout = 30_000): Promise<void> =>
      vi.waitFor(
        () => {
          const hashes = emitted(out).migrations.map(({ id, hash }) => [id, hash])
          expect(Object.fromEntries(hashes)).toSatisfy(isDone)
          expect(isIdle()).toBe(true)
        },
        { timeout, interval: 100 },
      )
    const migration = (name: string): string => join(root, 'migrations', name)
    const sql = '-- uses: db\nselect 1;\n'
    try {
      await until((hashes) => 'app:0001_a' in hashes)
      const [first] = emitted(out).migrations
      await follows(
        () => write(root, { 'migrations/0002_b.sql': sql }),
        (timeout) => until((hashes) => 'app:0002_b' in hashes, timeout),
      )
      await follows(
        () => write(root, { 'migrations/deep/0003_c.js': up }),
        (timeout) => until((hashes) => 'app:deep/0003_c' in hashes, timeout),
      )
      await follows(
        () => write(root, { 'migrations/0001_a.js': `${up}export const down = false\n` }),
        (timeout) => until((hashes) => hashes['app:0001_a'] !== first?.hash, timeout),
      )
      await follows(
        () => write(root, { 'migrations/0001_a.js': 'export const uses = {' }),
        (timeout) => vi.waitFor(() => expect(errors.join('\n')).toContain('[MIG_B0301]'), { timeout }),
      )
      await follows(
        () => write(root, { 'migrations/0001_a.js': up }),
        (timeout) => until((hashes) => hashes['app:0001_a'] === first?.hash, timeout),
      )
      await follows(
        () => {
          write(root, { 'migrations/0002_b.sql': sql })
          renameSync(migration('0002_b.sql'), migration('0002_c.sql'))
        },
        (timeout) => until((hashes) => 'app:0002_c' in hashes && !('app:0002_b' in hashes), timeout),
      )
      await follows(
        () => {
          write(root, { 'migrations/0002_c.sql': sql })
          rmSync(migration('0002_c.sql'))
        },
        (timeout) => until((hashes) => !('app:0002_c' in hashes), timeout),
      )
    } finally {
      await close()
    }
  },
)
