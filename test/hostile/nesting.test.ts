import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isTooDeep } from '../../src/scan/hash/nesting.ts'
import { migration } from '../scan/tree.ts'
import { attack } from './attack.ts'

const N = 100_000
const around = (open: string, close: string, inside = ''): string => open.repeat(N) + inside + close.repeat(N)

/** Each ends the process that parses it, in about every parser that is written in a systems language. */
const DEEP: Readonly<Record<string, string>> = {
  parentheses: around('(', ')', '1'),
  lists: around('[', ']'),
  objects: `x = ${around('{a:', '}', '1')}`,
  blocks: around('{', '}'),
  functions: around('function f(){', '}'),
  templates: around('`${', '}`', '1'),
  types: `type A = ${around('A<', '>', 'x')}`,
  'types in parentheses': `type A = ${around('(', ')', 'x')}`,
  negations: `${'!'.repeat(N)}1`,
  arrows: `${'a=>'.repeat(N)}1`,
  conditions: `${'a?b:'.repeat(N)}1`,
  assignments: `${'a='.repeat(N)}1`,
  powers: `1${'**1'.repeat(N)}`,
  ifs: `${'if(1)'.repeat(N)};`,
  'ifs, line by line': `${'if(1)\n'.repeat(N)};`,
  elses: `if(1){}${'else if(1){}'.repeat(N)}`,
  news: `${'new '.repeat(N)}X`,
  labels: `${Array.from({ length: N }, (_, each) => `l${each}:`).join('')};`,
  'brackets that comments seem to close': around('(/*)*/', ')', '1'),
  'brackets that texts seem to close': `${"['])',".repeat(N)}${']'.repeat(N)}`,
  'brackets that are never closed': '('.repeat(N),
}

describe('H06 code that is nested too deeply', () => {
  it.each(Object.entries(DEEP))('%s: refused before it is parsed', async (_, code) => {
    const { codes, text } = await attack({ 'migrations/1.ts': migration(code) })
    expect(codes).toEqual(['MIG_B0301'])
    expect(text).toContain('nested too deeply')
  })

  it.each([
    ['a line of statements', 'const x = [1, 2]; f(!x, { a: -1 });'.repeat(20_000)],
    ['statements without semicolons', 'const x = await f(-1 + 2)\nif (x) f()\n'.repeat(4_000)],
    ['rows of data', `const rows = [\n${"  [1, 'a (b', `c ${d} {`, { e: true ? -1 : 1 }],\n".repeat(20_000)}]`],
    ['many functions', 'function f(a: string): void {\n  return a ? `${a}` : /["(]/.test(a)\n}\n'.repeat(5_000)],
    ['a long text of several', `const x = ${"'a' +\n".repeat(3_000)} 'b'`],
  ])('%s: not nested at all', (_, code) => {
    expect(isTooDeep(code)).toBe(false)
  })

  it('nobody writes such code', () => {
    const modules = join(import.meta.dirname, '../../node_modules')
    const folders = ['typescript/lib', 'rollup/dist/es/shared', 'fast-check/lib', 'vite/dist/node/chunks', 'mysql2/lib']
    const files = folders.flatMap((folder) =>
      readdirSync(join(modules, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]s$/.test(name))
        .map((name) => join(modules, folder, name)),
    )
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter((file) => isTooDeep(readFileSync(file, 'utf8')))).toEqual([])
  })
})
