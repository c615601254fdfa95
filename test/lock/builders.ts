import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll } from 'vitest'
import type { Options } from '../../src/plugin/options.ts'

/** What a process said, and how it ended. */
export interface Ran {
  readonly code: number | null
  readonly says: string
  readonly out: string
}

export type Host = 'vite' | 'esbuild' | 'watch' | 'serve'

/** Builds one after the other. @param options of the plugin */
export type Builder = (host: Host, root: string, options?: Options) => Promise<Ran>

/** What somebody has who is neither in CI nor in a test. */
export function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { CI: _, VITEST: __, NODE_ENV: ___, TEST: ____, ...usual } = process.env
  return { ...usual, NO_COLOR: '1', ...more }
}

/** A process that builds, for the tests of a file. Begins with the first build. */
export function useBuilder(more: NodeJS.ProcessEnv = {}): Builder {
  let child: ChildProcess | undefined
  afterAll(() => child?.kill())
  return async (host, root, options = {}) => {
    child ??= fork(join(import.meta.dirname, 'build-once.mjs'), {
      env: environment(more),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const answered = once(child, 'message')
    child.send({ host, root, options })
    const [answer] = (await answered) as [Ran]
    return { ...answer, says: stripVTControlCharacters(answer.says) }
  }
}
