import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { FIRED } from './deadly-injections.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { type Placement, writtenPlacement } from './scenario.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

/** Makes one file of `child.ts`: TypeScript and a hundred modules would be most of a process's life. */
export async function buildApplication(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'child.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return outfile
}

export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** How its run ended; `undefined` when the process ended before. */
  readonly outcome: Outcome | undefined
}

export interface Application {
  readonly child: ChildProcessWithoutNullStreams
  /** The operation that meets the fault, as soon as it does; `undefined` when the process ends without. */
  readonly fired: Promise<string | undefined>
  readonly ended: Promise<End>
}

/** Of a run whose own waiting ends after 20 s: whoever is still there by now hangs, in ms. */
const LONGEST = 60_000

const running = new Set<ChildProcessWithoutNullStreams>()

export function startApplication(file: string, placement: Placement, plan: Plan): Application {
  const child = spawn(process.execPath, [file, writtenPlacement(placement), plan.do, String(plan.at)])
  running.add(child)
  const hangs = setTimeout(() => child.kill('SIGKILL'), LONGEST)
  let out = ''
  let errors = ''
  const ended = new Promise<End>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      running.delete(child)
      clearTimeout(hangs)
      const last = out.split('\n').find((line) => line.startsWith('{'))
      const outcome = last === undefined ? undefined : (JSON.parse(last) as Outcome)
      if (code !== 0 && signal === null && !outcome) reject(new Error(`The application ended with ${code}: ${errors}`))
      else resolve({ code, signal, outcome: outcome && { ...outcome, said: `${outcome.said}${out}${errors}` } })
    })
  })
  const fired = new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (text) => {
      out += String(text)
      const [, name] = new RegExp(`^${FIRED}(.*)\n`).exec(out) ?? []
      if (name !== undefined) resolve(name)
    })
    child.on('close', () => resolve(undefined))
  })
  child.stderr.on('data', (text) => (errors += String(text)))
  return { child, fired, ended }
}

/** Its next operation is what it does when it goes on. Only for one that has met the fault `stop`. */
export function goOn({ child }: Application): void {
  child.kill('SIGCONT')
  child.stdin.end('\n')
}

/** Ends what a failed test has left running. */
export function killApplications(): void {
  for (const child of running) child.kill('SIGKILL')
}
