import { writeLock } from '../../../src/plugin/write-lock.ts'
import { formatWarning } from '../../../src/scan/report/format-diagnostic.ts'
import { scan } from '../../../src/scan/scan.ts'
import { join } from 'node:path'
import * as vite from 'vite'
import type { BUILD_HOST } from '../../../src/diagnostics/build-host.ts'
import migrations from '../../../src/vite.ts'
import {
  buildWithEsbuild,
  buildWithPlainRollup,
  buildWithRolldown,
  buildWithVite,
  collector,
  type Job,
} from '../builds.ts'
import type { Files } from '../fixture.ts'
import { type Shown, shownByEsbuild, shownByHooks } from '../shown.ts'

/** What only a bundler can find, and what must be said about it. */
export interface HostProblem {
  readonly host: 'Vite' | 'Rollup' | 'Rolldown' | 'esbuild' | 'any of them'
  /** Of an application with one migration and a server that imports the manifest. */
  readonly files?: Files
  show(job: Job): Promise<Shown>
  /** Parts of what is printed. `<root>` stands for the application. */
  readonly says: readonly string[]
  readonly fix: string
  /** `<path>:<line>:<column>`, below the application. Warnings have it in their text. */
  readonly place?: string
  /** What stands there. */
  readonly line?: string
}

export const HOST_APP: Files = {
  'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
  'server.js': "// starts\nimport manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
  'idle.js': 'console.log(process.pid)\n',
  'index.html': '<!doctype html><script type="module" src="/server.js"></script>\n',
  'migrations/0001_a.js': "export const uses = { db: 'sql' }\nexport async function up() {}\n",
}

const IMPORT = "import manifest from 'virtual:migrations'"

/** A page, which is built for browsers. */
async function buildPage({ app, out }: Job): Promise<{ readonly lines: readonly string[] }> {
  const lines: string[] = []
  const settings = { root: app, configFile: false, customLogger: collector(lines) } as const
  await vite.build({ ...settings, build: { outDir: out }, plugins: [migrations()] })
  return { lines }
}

const client = {
  says: ['virtual:migrations is imported by server.js for '],
  fix: 'Import it in code for the server only.',
  place: 'server.js:2:23',
  line: IMPORT,
}
const unused = { says: ['imports virtual:migrations, so no migration is part of this build'], fix: IMPORT }
const unread = { says: ['The migrations cannot be read: ', 'null bytes'], fix: 'Mend what the message names' }
const NOWHERE = { options: { root: 'no\0path' } }
const external = {
  says: ['virtual:migrations is left out of the bundle as external'],
  fix: 'Let `external` match neither "virtual:migrations" nor absolute paths.',
  place: 'server.js:2:23',
  line: IMPORT,
}
const isExternal = (id: string): boolean => /^[^./]/.test(id)
const joined = {
  says: ['in one chunk with the code that asks for them', 'app:0001_a.'],
  fix: 'Set the option `eager: true`',
}
const ALL = { codeSplitting: { groups: [{ name: 'all', test: /./ }] } }
const untyped = {
  files: { 'migrations-env.d.ts/in-the-way': '' },
  says: ['migrations-env.d.ts cannot be written'],
  fix: 'set the option `types: false`',
}
const TYPES = { options: { types: true } }

/** The type asks for a problem of every code. */
export const HOST_PROBLEMS: Readonly<Record<keyof typeof BUILD_HOST, readonly HostProblem[]>> = {
  MIG_B0401: [
    { host: 'Vite', show: (job) => shownByHooks(buildPage(job)), ...client },
    { host: 'Rolldown', show: (job) => shownByHooks(buildWithRolldown(job, {}, { platform: 'browser' })), ...client },
    { host: 'esbuild', show: (job) => shownByEsbuild(buildWithEsbuild(job, { platform: 'browser' })), ...client },
  ],
  MIG_B0402: [
    { host: 'Vite', show: (job) => shownByHooks(buildWithVite({ ...job, entry: 'idle.js' })), ...unused },
    { host: 'Rolldown', show: (job) => shownByHooks(buildWithRolldown({ ...job, entry: 'idle.js' })), ...unused },
    {
      host: 'Rollup',
      show: (job) => shownByHooks(buildWithPlainRollup({ ...job, entry: 'idle.js' }, { format: 'cjs' })),
      ...unused,
    },
    { host: 'esbuild', show: (job) => shownByEsbuild(buildWithEsbuild({ ...job, entry: 'idle.js' })), ...unused },
  ],
  MIG_B0403: [
    { host: 'Vite', show: (job) => shownByHooks(buildWithVite({ ...job, ...NOWHERE })), ...unread },
    { host: 'Rollup', show: (job) => shownByHooks(buildWithPlainRollup({ ...job, ...NOWHERE })), ...unread },
    { host: 'Rolldown', show: (job) => shownByHooks(buildWithRolldown({ ...job, ...NOWHERE })), ...unread },
    { host: 'esbuild', show: (job) => shownByEsbuild(buildWithEsbuild({ ...job, ...NOWHERE })), ...unread },
  ],
  MIG_B0404: [
    {
      host: 'Rollup',
      files: {
        'migrations/0002_b.ts': "export const uses = { db: 'sql' }\nexport async function up(context: object) {}\n",
      },
      show: (job) => shownByHooks(buildWithPlainRollup(job)),
      says: ['migrations/0002_b.ts is TypeScript.'],
      fix: 'Add a plugin that compiles TypeScript, for example `rollup-plugin-esbuild`.',
      place: 'migrations/0002_b.ts:2:33',
      line: 'export async function up(context: object) {}',
    },
  ],
  MIG_B0405: [
    {
      host: 'Rollup',
      files: { 'migrations/0002_b.cjs': "'use strict'\nmodule.exports = { uses: { db: 'sql' }, up() {} }\n" },
      show: (job) => shownByHooks(buildWithPlainRollup(job)),
      says: ['migrations/0002_b.cjs is CommonJS.'],
      fix: 'Add `@rollup/plugin-commonjs`.',
      place: 'migrations/0002_b.cjs:2:1',
      line: "module.exports = { uses: { db: 'sql' }, up() {} }",
    },
  ],
  MIG_B0406: [
    {
      host: 'Rollup',
      show: (job) => shownByHooks(buildWithPlainRollup(job, { inlineDynamicImports: true })),
      says: ['run at each start, not when they are pending: app:0001_a.'],
      fix: 'Leave out `inlineDynamicImports`',
    },
  ],
  MIG_B0407: [
    {
      host: 'Vite',
      show: (job) => shownByHooks(buildWithVite(job, { rolldownOptions: { external: isExternal } })),
      ...external,
    },
    {
      host: 'Rollup',
      show: (job) => shownByHooks(buildWithPlainRollup(job, {}, { external: isExternal })),
      ...external,
    },
    {
      host: 'Rolldown',
      show: (job) => shownByHooks(buildWithRolldown(job, {}, { external: isExternal })),
      ...external,
    },
  ],
  MIG_B0408: [
    { host: 'Vite', show: (job) => shownByHooks(buildWithVite(job, { rolldownOptions: { output: ALL } })), ...joined },
    { host: 'Rolldown', show: (job) => shownByHooks(buildWithRolldown(job, ALL)), ...joined },
    {
      host: 'Rollup',
      show: (job) => shownByHooks(buildWithPlainRollup(job, { manualChunks: () => 'all' })),
      ...joined,
    },
  ],
  MIG_B0409: [
    { host: 'Vite', show: (job) => shownByHooks(buildWithVite({ ...job, ...TYPES })), ...untyped },
    { host: 'Rollup', show: (job) => shownByHooks(buildWithPlainRollup({ ...job, ...TYPES })), ...untyped },
    { host: 'Rolldown', show: (job) => shownByHooks(buildWithRolldown({ ...job, ...TYPES })), ...untyped },
    { host: 'esbuild', show: (job) => shownByEsbuild(buildWithEsbuild({ ...job, ...TYPES })), ...untyped },
  ],
  MIG_B0410: [
    {
      host: 'any of them',
      show: showUnwritable,
      says: ['migrations.lock cannot be written'],
      fix: 'the option `frozen: true`',
    },
  ],
}

export function jobIn(app: string): Job {
  return { app, out: join(app, 'out') }
}

/** A build in a test runner writes no lock file, so this is what one outside of it says. */
async function showUnwritable({ app }: Job): Promise<Shown> {
  const result = await scan({ root: app, lock: { mode: 'build', accept: [] } })
  if (!result.lock) throw new Error('the scan has no lock file')
  const file = { ...result.lock.file, path: join(app, 'gone/migrations.lock') }
  const warning = writeLock({ ...result, lock: { ...result.lock, file } })
  return { text: warning ? formatWarning(warning, app) : '' }
}
