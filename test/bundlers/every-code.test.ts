import { isAbsolute, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BUILD } from '../../src/diagnostics/build.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { EVERY } from '../scan/problems/every.ts'
import type { Fixture } from '../scan/problems/fixture.ts'
import { problem, tree } from '../scan/tree.ts'
import { HOST_APP, HOST_PROBLEMS, jobIn } from './problems/hosts.ts'
import { HOSTS, showByOverlay, type Shown } from './shown.ts'

const CASES = Object.entries(EVERY).flatMap(([code, [fixture]]) => (fixture ? [{ code, ...fixture }] : []))
const OF_HOSTS = Object.entries(HOST_PROBLEMS).flatMap(([code, problems]) =>
  problems.map((each) => ({ code, ...each })),
)

it('every code of the catalogue is provoked', () => {
  const codes = [...CASES, ...OF_HOSTS].map(({ code }) => code)
  expect([...new Set(codes)].toSorted()).toEqual(Object.keys(BUILD).toSorted())
})

async function provoke({ files, options }: Fixture): Promise<{ readonly root: string; readonly found: Diagnostic }> {
  const root = tree({ 'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n", ...files })
  return { root, found: await problem(root, options) }
}

/** Nothing of what the scan found may be lost on the way. */
function expectAll({ text, place }: Shown, { code, severity, message, fix, sources }: Diagnostic, root: string): void {
  const fromRoot = (line: string): string => line.replaceAll(`${root}/`, '')
  expect(text).toContain(`[${code}] ${fromRoot(message)}`)
  expect(text).toContain(fromRoot(fix))
  const [first, ...others] = sources
  for (const { file, line, column } of place ? others : sources)
    expect(text).toContain(`${fromRoot(file)}:${line}:${column}`)
  if (severity === 'error' && first)
    expect({ ...place, file: place && absolute(place.file, root) }).toEqual({
      file: first.file,
      line: first.line,
      column: first.column,
    })
  if (first?.frame !== undefined) expect(text).toContain(pointedLine(first.frame))
}

function absolute(file: string, root: string): string {
  return isAbsolute(file) ? file : join(root, file)
}

/** The line that a frame points at, as far as esbuild shows one: each host draws its own frame around it. */
function pointedLine(frame: string): string {
  const line = frame.split('\n').find((each) => each.startsWith('>')) ?? ''
  return line
    .slice(line.indexOf('|') + 1)
    .slice(0, 60)
    .trim()
}

describe.each(Object.entries(HOSTS))('%s', (_, show) => {
  it.each(CASES)('shows all of $code', async (fixture) => {
    const { root, found } = await provoke(fixture)
    expectAll(await show(root, fixture.options ?? {}), found, root)
  })
})

describe("Vite's overlay", () => {
  it.each(CASES.filter(({ severity }) => severity !== 'warning'))('shows all of $code', async (fixture) => {
    const { root, found } = await provoke(fixture)
    expectAll(await showByOverlay(root, fixture.options ?? {}), found, root)
  })
})

describe('what only a bundler finds', () => {
  // A client is none in a test runner.
  beforeEach(() => void vi.stubEnv('VITEST', ''))
  afterEach(() => void vi.unstubAllEnvs())

  it.each(OF_HOSTS)('$code is shown by $host', async ({ code, files, show, says, fix, place, line }) => {
    const root = tree({ ...HOST_APP, ...files })
    const shown = await show(jobIn(root))
    expect(shown.text).toContain(`[${code}] `)
    for (const part of [...says, fix, line ?? '']) expect(shown.text).toContain(part)
    const at = shown.place && `${absolute(shown.place.file, root)}:${shown.place.line}:${shown.place.column}`
    if (place !== undefined) expect(at ?? `${root}/${/\S+:\d+:\d+/.exec(shown.text)?.[0]}`).toBe(join(root, place))
  })
})
