import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { BUILD } from '../../src/diagnostics/build.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { formatDiagnostics } from '../../src/scan/report/format-diagnostic.ts'
import type { ScanOptions } from '../../src/scan/options.ts'
import { scan } from '../../src/scan/scan.ts'
import { buildWithEsbuild } from '../bundlers/builds.ts'
import { type Content, pkg, prefixed, tree } from '../scan/tree.ts'

/** Stands in files outside of the application, which nobody may read. */
export const SECRET = 'the-secret-of-another-folder'

/** Leaves a file and a global behind when somebody executes it. */
export const CANARY = `globalThis.canary = 'sings'
process.getBuiltinModule('node:fs').writeFileSync(process.env.CANARY, '')`

export interface Aftermath {
  readonly codes: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  /** Ids of the migrations that were taken. */
  readonly ids: readonly string[]
  /** What is printed. */
  readonly text: string
  readonly root: string
}

/**
 * Scans and builds a hostile application, and expects of every one: nothing is executed, no file outside is read or
 * written, no prototype is touched, what is wrong has a code, and what is printed steers no terminal.
 *
 * @param files below the application, beside which there are files of others
 */
export async function attack(
  files: Readonly<Record<string, Content>>,
  options: Partial<ScanOptions> = {},
): Promise<Aftermath> {
  const around = tree({
    'outside/package.json': pkg('outside', { description: SECRET }),
    'outside/1.sql': `-- uses: db\nselect '${SECRET}'`,
    'outside/1.js': `${CANARY}\nexport const uses = { db: 'sql' }\nexport function up() { '${SECRET}' }`,
    'app/package.json': pkg('app'),
    'app/server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
    ...prefixed('app/', files),
  })
  const root = join(around, 'app')
  vi.stubEnv('CANARY', join(around, 'canary'))
  const before = contentOf(around)
  const { diagnostics, migrations } = await scan({ root, ...options })
  const job = { app: root, out: join(root, 'out'), options }
  const built = await buildWithEsbuild(job).catch((error: unknown) => error)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) expect(built).toHaveProperty('errors')
  else expect(built).toHaveProperty('lines')
  expect(contentOf(around)).toEqual(before)
  expect('canary' in globalThis).toBe(false)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  for (const { code } of diagnostics) expect(Object.keys(BUILD)).toContain(code)
  const text = formatDiagnostics(diagnostics, root)
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/)
  expect(text).not.toContain(SECRET)
  for (const output of outputsOf(join(root, 'out'))) expect(output).not.toContain(SECRET)
  return { codes: diagnostics.map(({ code }) => code), diagnostics, ids: migrations.map(({ id }) => id), text, root }
}

/** Path → digest of everything but what a build may write. */
function contentOf(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const counted = paths.filter((path) => !/^app\/(?:out|node_modules\/\.cache)(?:\/|$)/.test(path))
  return new Map(counted.map((path) => [path, stateOf(join(folder, path))]))
}

function stateOf(file: string): string {
  const stats = lstatSync(file)
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(file)}`
  return stats.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'no file'
}

function outputsOf(out: string): readonly string[] {
  try {
    return readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
  } catch {
    return []
  }
}
