import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import * as vite from 'vite'
import migrationsOfEsbuild from '../../src/esbuild.ts'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'
import type { Options } from '../../src/index.ts'
import migrationsOfVite from '../../src/vite.ts'

export interface Job {
  readonly app: string
  readonly out: string
  readonly entry?: string
  readonly options?: Options
}

export type Build = (job: Job) => Promise<{ readonly lines: readonly string[] }>

/** A server build by Vite. What it says on its console is answered, and thrown errors are Vite's. */
export async function buildWithVite(
  { app, out, entry = 'server.js', options }: Job,
  more: vite.BuildEnvironmentOptions = {},
): Promise<{ readonly lines: readonly string[] }> {
  const lines: string[] = []
  await vite.build({
    root: app,
    configFile: false,
    logLevel: 'warn',
    customLogger: collector(lines),
    plugins: [migrationsOfVite(options)],
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

/** A server build by esbuild. Rejects with esbuild's `BuildFailure`. */
export async function buildWithEsbuild(
  { app, out, entry = 'server.js', options }: Job,
  more: esbuild.BuildOptions = {},
): Promise<{ readonly lines: readonly string[]; readonly messages: readonly esbuild.Message[] }> {
  const { warnings } = await esbuild.build({
    absWorkingDir: app,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: out,
    logLevel: 'silent',
    plugins: [migrationsOfEsbuild(options)],
    ...more,
  })
  return { lines: warnings.map(({ text }) => text), messages: warnings }
}

/** Every way to build that must give the same manifest. Some applications read their own `.sql` as text. */
export const BUILDS: Readonly<Record<string, Build>> = {
  'Vite, chunks': buildWithVite,
  'Vite, one file': (job) =>
    buildWithVite(job, { rolldownOptions: { output: { codeSplitting: false }, moduleTypes: { '.sql': 'text' } } }),
  'esbuild, chunks': (job) => buildWithEsbuild(job, { splitting: true }),
  'esbuild, one file': (job) => buildWithEsbuild(job, { loader: { '.sql': 'text' } }),
}

/** What `server.js` of the fixture prints. */
export interface Printed {
  readonly manifest: ManifestData
  readonly ranAtBoot: readonly string[]
  readonly ran: readonly string[]
  readonly loaded: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Runs a built server in a process of its own. */
export async function run(file: string, cwd: string): Promise<Printed> {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd })
  return JSON.parse(stdout) as Printed
}

export function emitted(out: string): ManifestData {
  return JSON.parse(readFileSync(join(out, 'migrations.manifest.json'), 'utf8')) as ManifestData
}
