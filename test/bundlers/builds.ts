import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import commonjsModule from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { type InputOptions as RolldownOptions, rolldown, type OutputOptions as RolldownOutput } from 'rolldown'
import { rollup, type OutputOptions as RollupOutput, type RollupOptions } from 'rollup'
import compileTypeScript from 'rollup-plugin-esbuild'
import * as vite from 'vite'
import migrationsOfEsbuild from '../../src/esbuild.ts'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'
import type { Options } from '../../src/index.ts'
import migrationsOfRolldown from '../../src/rolldown.ts'
import migrationsOfRollup from '../../src/rollup.ts'
import migrationsOfVite from '../../src/vite.ts'

export interface Job {
  readonly app: string
  readonly out: string
  readonly entry?: string
  readonly options?: Options
}

/** What a build says. */
export interface Said {
  readonly lines: readonly string[]
}

export type Build = (job: Job) => Promise<Said>

/** Its types are those of a CommonJS module, which it is not for Node. */
export const commonjs = commonjsModule as unknown as typeof commonjsModule.default

/** What a server may have around it when it runs. */
export const EXTERNAL = ['better-sqlite3']

/** A server build by Vite. What it says on its console is answered, and thrown errors are Vite's. */
export async function buildWithVite(
  { app, out, entry = 'server.js', options }: Job,
  more: vite.BuildEnvironmentOptions = {},
): Promise<Said> {
  const lines: string[] = []
  await vite.build({
    root: app,
    configFile: false,
    logLevel: 'warn',
    customLogger: collector(lines),
    plugins: [migrationsOfVite(options)],
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: join(app, entry),
      outDir: out,
      emptyOutDir: true,
      minify: false,
      ...more,
      rolldownOptions: { ...more.rolldownOptions, cwd: app },
    },
  })
  return { lines }
}

export function collector(lines: string[]): vite.Logger {
  const logger = vite.createLogger('silent')
  const collect = (text: string): void => void lines.push(text)
  return { ...logger, info: collect, warn: collect, warnOnce: collect, error: collect }
}

/** A build by Rollup alone: it reads ES modules in JavaScript. */
export async function buildWithPlainRollup(
  { app, out, entry = 'server.js', options }: Job,
  output: RollupOutput = {},
  more: RollupOptions = {},
): Promise<Said> {
  const lines: string[] = []
  const bundle = await rollup({
    input: join(app, entry),
    external: [...EXTERNAL, /^node:/],
    onwarn: ({ message }) => void lines.push(message),
    // As a file of configuration gives it.
    output,
    ...more,
    plugins: [migrationsOfRollup({ root: app, ...options }), more.plugins],
  })
  try {
    await bundle.write({ dir: out, ...output })
  } finally {
    await bundle.close()
  }
  return { lines }
}

/** A build by Rollup, with the plugins that an application of packages has. */
export function buildWithRollup(job: Job, output: RollupOutput = {}): Promise<Said> {
  const compiler = compileTypeScript({ target: 'es2022', tsconfig: false })
  return buildWithPlainRollup(job, output, { plugins: [nodeResolve(), commonjs(), compiler] })
}

/** A server build by Rolldown. */
export async function buildWithRolldown(
  { app, out, entry = 'server.js', options }: Job,
  output: RolldownOutput = {},
  more: RolldownOptions = {},
): Promise<Said> {
  const lines: string[] = []
  const bundle = await rolldown({
    cwd: app,
    input: join(app, entry),
    platform: 'node',
    external: EXTERNAL,
    onwarn: ({ message }) => void lines.push(message),
    plugins: [migrationsOfRolldown(options)],
    ...more,
  })
  try {
    await bundle.write({ dir: out, ...output })
  } finally {
    await bundle.close()
  }
  return { lines }
}

/** A server build by esbuild. Rejects with esbuild's `BuildFailure`. */
export async function buildWithEsbuild(
  { app, out, entry = 'server.js', options }: Job,
  more: esbuild.BuildOptions = {},
): Promise<Said & { readonly messages: readonly esbuild.Message[] }> {
  const { warnings } = await esbuild.build({
    absWorkingDir: app,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: out,
    logLevel: 'silent',
    external: EXTERNAL,
    plugins: [migrationsOfEsbuild(options)],
    ...more,
  })
  return { lines: warnings.map(({ text }) => text), messages: warnings }
}

/** One way to build. */
export interface Builder {
  readonly name: string
  readonly build: Build
  readonly isOneFile: boolean
  /** `server` with the extension for its format: `.js` is ESM. */
  readonly server: 'server.js' | 'server.cjs'
  /** Rollup wraps no module: what it inlines runs at the start. */
  readonly runsAllAtStart?: true
}

const CJS = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' } as const
const ESM_CHUNKS = { isOneFile: false, server: 'server.js' } as const
const ESM_FILE = { isOneFile: true, server: 'server.js' } as const
const CJS_CHUNKS = { isOneFile: false, server: 'server.cjs' } as const
const CJS_FILE = { isOneFile: true, server: 'server.cjs' } as const
const ONE_FILE = { codeSplitting: false } as const
const INLINED = { inlineDynamicImports: true } as const

const viteBuild =
  (output: RolldownOutput, moduleTypes: RolldownOptions['moduleTypes'] = {}): Build =>
  (job) =>
    buildWithVite(job, { rolldownOptions: { output, moduleTypes } })
const rollupBuild =
  (output: RollupOutput): Build =>
  (job) =>
    buildWithRollup(job, output)
const rolldownBuild =
  (output: RolldownOutput, more: RolldownOptions = {}): Build =>
  (job) =>
    buildWithRolldown(job, output, more)
const esbuildBuild =
  (more: esbuild.BuildOptions): Build =>
  (job) =>
    buildWithEsbuild(job, more)

/** Every way to build that must give the same manifest and the same run. Some applications read their own `.sql` as text. */
export const BUILDS: readonly Builder[] = [
  { name: 'Vite, ESM, chunks', build: viteBuild({}), ...ESM_CHUNKS },
  { name: 'Vite, ESM, one file', build: viteBuild(ONE_FILE, { '.sql': 'text' }), ...ESM_FILE },
  { name: 'Vite, CJS, chunks', build: viteBuild(CJS), ...CJS_CHUNKS },
  { name: 'Vite, CJS, one file', build: viteBuild({ ...CJS, ...ONE_FILE }), ...CJS_FILE },
  { name: 'Rollup, ESM, chunks', build: rollupBuild({}), ...ESM_CHUNKS },
  { name: 'Rollup, ESM, one file', build: rollupBuild(INLINED), ...ESM_FILE, runsAllAtStart: true },
  { name: 'Rollup, CJS, chunks', build: rollupBuild(CJS), ...CJS_CHUNKS },
  { name: 'Rollup, CJS, one file', build: rollupBuild({ ...CJS, ...INLINED }), ...CJS_FILE, runsAllAtStart: true },
  { name: 'Rolldown, ESM, chunks', build: rolldownBuild({}), ...ESM_CHUNKS },
  { name: 'Rolldown, ESM, one file', build: rolldownBuild(ONE_FILE, { moduleTypes: { '.sql': 'text' } }), ...ESM_FILE },
  { name: 'Rolldown, CJS, chunks', build: rolldownBuild(CJS), ...CJS_CHUNKS },
  { name: 'Rolldown, CJS, one file', build: rolldownBuild({ ...CJS, ...ONE_FILE }), ...CJS_FILE },
  { name: 'esbuild, ESM, chunks', build: esbuildBuild({ splitting: true }), ...ESM_CHUNKS },
  { name: 'esbuild, ESM, one file', build: esbuildBuild({ loader: { '.sql': 'text' } }), ...ESM_FILE },
  { name: 'esbuild, CJS', build: esbuildBuild({ format: 'cjs', outExtension: { '.js': '.cjs' } }), ...CJS_FILE },
]

export function emitted(out: string): ManifestData {
  return JSON.parse(readFileSync(join(out, 'migrations.manifest.json'), 'utf8')) as ManifestData
}
