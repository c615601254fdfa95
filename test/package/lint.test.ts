import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { afterAll, expect, it } from 'vitest'
import { entries, repository } from './entries.ts'
import { packTarball } from './tarball.ts'

const folder = mkdtempSync(join(tmpdir(), 'lint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { path } = packTarball(folder)

it('publint finds nothing', async () => {
  const tarball = Uint8Array.from(readFileSync(path)).buffer
  const { messages } = await publint({ pack: { tarball }, strict: true, level: 'suggestion' })
  expect(messages).toEqual([])
})

interface Analysis {
  readonly analysis: {
    readonly entrypoints: Readonly<
      Record<string, { readonly resolutions: Readonly<Record<string, { readonly resolution?: object }>> }>
    >
  }
  /** By kind. */
  readonly problems: Readonly<Record<string, readonly { readonly resolutionKind?: string }[]>>
}

it('every entry has the right types, for bundlers and for Node', () => {
  const attw = join(repository, 'node_modules/.bin/attw')
  const names = entries.map(({ name }) => (name === 'index' ? '.' : name))
  const args = [path, '--profile', 'esm-only', '--format', 'json', '--no-definitely-typed', '--entrypoints', ...names]
  const { stdout, status } = spawnSync(attw, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const { analysis, problems } = JSON.parse(stdout) as Analysis
  const { entrypoints } = analysis
  expect(Object.keys(entrypoints)).toHaveLength(entries.length)
  for (const { resolutions } of Object.values(entrypoints)) {
    expect(resolutions).toMatchObject({ bundler: { resolution: {} }, 'node16-esm': { resolution: {} } })
  }
  // The profile leaves these ways to resolve out, and its report does not.
  const left = Object.values(problems)
    .flat()
    .filter(({ resolutionKind = '' }) => !['node10', 'node16-cjs'].includes(resolutionKind))
  expect({ left, status }).toEqual({ left: [], status: 0 })
})
