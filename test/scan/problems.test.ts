import { describe, expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { EVERY } from './problems/every.ts'
import { migration, pkg, pointed, problem, tree } from './tree.ts'

const CASES = Object.entries(EVERY).flatMap(([code, fixtures]) =>
  fixtures.map((fixture, index) => ({ ...fixture, code, number: index + 1 })),
)

describe('each code', () => {
  it.each(CASES)('$code, case $number', async ({ code, files, options, severity = 'error', at, says, fix }) => {
    const root = tree(files)
    const found = await problem(root, options)
    expect({ code: found.code, severity: found.severity }).toEqual({ code, severity })
    for (const part of says) expect(found.message.replaceAll(root, '<root>')).toContain(part)
    expect(found.fix.replaceAll(root, '<root>')).toContain(fix)
    const places = found.sources.map(({ file, line, column }) => `${file.slice(root.length + 1)}:${line}:${column}`)
    for (const [index, [place, text]] of at.entries()) {
      expect(places[index]).toBe(place)
      expect(pointed(found.sources[index]).slice(0, text.length)).toBe(text)
    }
    if (at.length > 0) expect(places).toHaveLength(at.length)
  })
})

it('reports everything at once, errors first, and executes nothing', async () => {
  const canary =
    "globalThis.canary = true; import('node:fs').then((fs) => fs.writeFileSync(new URL('canary', import.meta.url), ''))"
  const root = tree({
    'package.json': pkg('app', { dependencies: { library: '1', gone: '1' } }),
    'migrations/1.SQL': '',
    'migrations/1.js': `${canary}\n${migration('export const dependOn = []')}`,
    'migrations/2.sql': 'begin; commit',
    'migrations/3.ts': 'export const uses = [',
    'migrations/4.js': migration(`export const dependsOn = ['gone:1', 'library']`),
    'node_modules/library/package.json': pkg('library', { migrations: 'nowhere' }),
  })
  const { diagnostics } = await scan({ root })
  expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`).toSorted()).toEqual([
    'MIG_B0105 error',
    'MIG_B0106 error',
    'MIG_B0204 error',
    'MIG_B0212 warning',
    'MIG_B0301 error',
    'MIG_B0303 error',
    'MIG_B0310 error',
    'MIG_B0312 warning',
  ])
  expect(diagnostics.slice(-2).map(({ severity }) => severity)).toEqual(['warning', 'warning'])
  expect('canary' in globalThis).toBe(false)
})
