import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { expect, vi } from 'vitest'
import * as vite from 'vite'
import type { Options } from '../../src/index.ts'
import migrations from '../../src/vite.ts'
import {
  buildWithEsbuild,
  buildWithRolldown,
  buildWithRollup,
  buildWithVite,
  collector,
  type Job,
  type Said,
} from './builds.ts'

/** What somebody sees of the problems of a build. */
export interface Shown {
  /** All that is printed. */
  readonly text: string
  /** Where an editor would jump to. Absent where the host gives it in the text only. */
  readonly place?: Place
  /** Of an error that carries it by itself. */
  readonly frame?: string
}

export interface Place {
  /** Absolute, or relative to the application. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units; esbuild's in bytes. */
  readonly column: number
}

/** An error as hosts with the hooks of Rollup throw it, and as Vite's overlay receives it. */
export interface HookError extends Error {
  readonly plugin?: string
  readonly pluginCode?: string
  readonly id?: string
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number }
  readonly frame?: string
}

/** The one error of a host with the hooks of Rollup. Rolldown and Vite throw one that holds it. */
export function hookErrorOf(failure: unknown): { readonly error: HookError; readonly printed: string } {
  if (!(failure instanceof Error)) throw new Error(`no build error: ${String(failure)}`)
  const [error, ...others] = 'errors' in failure ? (failure.errors as readonly HookError[]) : [failure as HookError]
  expect(others).toEqual([])
  if (!error) throw new Error('a failure without an error')
  // Rollup's command prints the fields of its error one by one, and the stack behind them.
  const printed = error === failure ? `${error.message}\n${error.frame ?? ''}\n${error.stack}` : failure.message
  return { error, printed }
}

export function esbuildErrorsOf(failure: unknown): readonly esbuild.Message[] {
  if (!(failure instanceof Error) || !('errors' in failure)) throw new Error(`no build error: ${String(failure)}`)
  return failure.errors as esbuild.BuildFailure['errors']
}

type Show = (root: string, options: Options) => Promise<Shown>

/** What a build by a host with the hooks of Rollup shows. */
export async function shownByHooks(building: Promise<Said>): Promise<Shown> {
  try {
    const { lines } = await building
    return { text: lines.join('\n') }
  } catch (failure) {
    const { error, printed } = hookErrorOf(failure)
    return shownBy(error, printed)
  }
}

function shownBy({ loc, frame }: HookError, text: string): Shown {
  return {
    text,
    ...(frame === undefined ? {} : { frame }),
    ...(loc ? { place: { file: loc.file, line: loc.line, column: loc.column + 1 } } : {}),
  }
}

/** What a build by esbuild shows. */
export async function shownByEsbuild(building: ReturnType<typeof buildWithEsbuild>): Promise<Shown> {
  const messages = await building.then(
    (said) => said.messages,
    (failure: unknown) => esbuildErrorsOf(failure),
  )
  const printed = await esbuild.formatMessages([...messages], { kind: 'error' })
  const location = messages[0]?.location
  const place = location && { file: location.file, line: location.line, column: location.column + 1 }
  return { text: printed.join('\n'), ...(place ? { place } : {}) }
}

/** A development server of an application, which is closed after the work. */
async function served<Answer>(
  root: string,
  options: Options,
  work: (server: vite.ViteDevServer, lines: readonly string[]) => Promise<Answer>,
): Promise<Answer> {
  const lines: string[] = []
  const server = await vite.createServer({
    root,
    configFile: false,
    customLogger: collector(lines),
    plugins: [migrations(options)],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  })
  try {
    return await work(server, lines)
  } finally {
    await server.close()
  }
}

/** What the server entry of an application throws, or what is printed while it is loaded. */
const showByRequest: Show = (root, options) =>
  served(root, options, async ({ environments: { ssr } }, lines) => {
    if (!vite.isRunnableDevEnvironment(ssr)) throw new Error('the SSR environment cannot run modules')
    const failure: unknown = await ssr.runner.import('/server.js').catch((error: unknown) => error)
    if (!(failure instanceof Error)) return { text: lines.join('\n') }
    const { error, printed } = hookErrorOf(failure)
    return shownBy(error, printed)
  })

/** What is sent to browsers when a file was saved, and still is wrong. */
export const showByOverlay: Show = (root, options) =>
  served(root, options, async ({ environments: { client }, watcher }) => {
    const send = vi.spyOn(client.hot, 'send')
    await vi.waitFor(() => expect(watcher.getWatched()[root]).toContain('package.json'), { timeout: 10_000 })
    appendFileSync(join(root, 'package.json'), '\n')
    const error = await vi.waitFor(
      () => {
        const sent = send.mock.calls.map(([payload]): unknown => payload)
        const found = sent.find((each): each is { err: HookError } => Object(each).type === 'error')
        return found?.err ?? Promise.reject(new Error('nothing was sent'))
      },
      { timeout: 10_000, interval: 10 },
    )
    return shownBy(error, `${error.message}\n${error.frame ?? ''}`)
  })

function jobOf(app: string, options: Options): Job {
  return { app, out: join(app, 'out'), options }
}

/** Everything that shows warnings and errors of a scan. */
export const HOSTS: Readonly<Record<string, Show>> = {
  'Vite, a build': (root, options) => shownByHooks(buildWithVite(jobOf(root, options))),
  'Vite, the terminal of a development server': showByRequest,
  Rollup: (root, options) => shownByHooks(buildWithRollup(jobOf(root, options))),
  Rolldown: (root, options) => shownByHooks(buildWithRolldown(jobOf(root, options))),
  esbuild: (root, options) => shownByEsbuild(buildWithEsbuild(jobOf(root, options))),
}
