import { describe, expect, it } from 'vitest'
import { hash, hashOf } from '../scan/hashes.ts'
import { migration } from '../scan/tree.ts'

describe('a step that counts', () => {
  it.each([
    // An escape makes a text of a directive.
    [`function f() { 'use strict' }`, `function f() { 'use\\x20strict' }`],
    [`function f() { 'use strict' }`, `function f() { ('use strict') }`],
    // Numbers, and what JSON makes of them.
    ['const x = 1e400', 'const x = 1e500'],
    ['const x = 1e400', 'const x = null'],
    ['const x = 1e400', 'const x = Infinity'],
    ['const x = 0xffn', 'const x = 254n'],
    ['const x = -0', 'const x = 0'],
    ['const x = [,]', 'const x = []'],
    ['const x = [,]', 'const x = [null]'],
    ['const x = [,]', 'const x = [undefined]'],
    ['let x', 'let x = undefined'],
    ['const x = false', 'const x = null'],
    // Half characters, which UTF-8 does not have.
    [`const x = '\\ud800'`, `const x = '\\ufffd'`],
    [`const x = '\\ud800'`, `const x = '\\udc00'`],
    ['const x = `\\ud800`', 'const x = `\\ufffd`'],
    ['const x = { "\\ud800": 1 }', 'const x = { "\\ufffd": 1 }'],
    ['const x = tag`\\u`', 'const x = tag`\\x`'],
    ['const x = tag`\\u0061`', 'const x = tag`a`'],
    // Chains and groups
    ['const x = () => a && (b || c)', 'const x = () => (a && b) || c'],
    ['const x = () => a - (b - c)', 'const x = () => a - b - c'],
    ['const x = () => a?.b.c', 'const x = () => (a?.b).c'],
    ['const x = () => a?.()', 'const x = () => a()'],
    ['const x = () => (a, b)', 'const x = () => (b, a)'],
    // Classes
    ['class A { x }', 'class A { x = undefined }'],
    ['class A { x = 1; static y = 2 }', 'class A { static y = 2; x = 1 }'],
    ['class A { constructor() {} }', `class A { ['constructor']() {} }`],
    ['class A { #x; has(a) { return #x in a } }', `class A { #x; has(a) { return 'x' in a } }`],
    ['class A { static { a() } }', 'class A { static { b() } }'],
    ['class A { accessor x = 1 }', 'class A { x = 1 }'],
    // Declarations
    ['export async function verify() { using x = a() }', 'export async function verify() { const x = a() }'],
    ['export async function verify() { await using x = a() }', 'export async function verify() { using x = a() }'],
    ['a: for (;;) { for (;;) { break a } }', 'a: for (;;) { for (;;) { break } }'],
    ['switch (1) { case 1: default: }', 'switch (1) { default: case 1: }'],
    ['await a()', 'a()'],
    // Modules
    [`import x from 'a'; x()`, `import { x } from 'a'; x()`],
    [`import('a', { with: { type: 'json' } })`, `import('a')`],
    [`import x from 'a' with { type: 'json' }; x()`, `import x from 'a' with { type: 'text' }; x()`],
    [`import 'a'; import 'b'`, `import 'b'; import 'a'`],
    ['/a/d.test(b)', '/a/v.test(b)'],
    ['/a\\u0062/.test(b)', '/ab/.test(b)'],
  ])('%j → %j', async (from, to) => {
    expect(await hashOf(migration(from))).not.toBe(await hashOf(migration(to)))
  })

  it('is one in JSON', async () => {
    const files = { '1.js': `import rows from './rows.json' with { type: 'json' }\n${migration('rows()')}` }
    const hashWith = (json: string): Promise<string> => hash({ ...files, 'rows.json': json })
    const before = await hashWith('{ "a": [1, "b  c", 1e400] }')
    for (const json of [
      '{"a":[1,"b c",1e400]}',
      '{"a":["1","b  c",1e400]}',
      '{"a":[1,"b  c",null]}',
      '{"a":[1,"b  c"]}',
    ])
      expect(await hashWith(json)).not.toBe(before)
    const long = `{ "a": "${'\\\\a'.repeat(200_000)}" }`
    expect(await hashWith(long)).toBe(await hashWith(long.replaceAll(' ', '')))
    expect(await hashWith('{\r\n  "a": [\r\n    1,\r\n\t"b  c",1e400 ]}\n')).toBe(before)
  })

  it('is one in JSON that is imported as text, also between its parts', async () => {
    const files = { '1.js': `import rows from './rows.json?raw'\n${migration('rows()')}` }
    expect(await hash({ ...files, 'rows.json': '[1]' })).not.toBe(await hash({ ...files, 'rows.json': '[ 1 ]' }))
  })
})

describe('a step that does not count', () => {
  it.each([
    ['const x = () => a && (b && c)', 'const x = () => a && b && c'],
    ['const x = () => a ?? ((b as any) ?? c)!', 'const x = () => a ?? b ?? c'],
    ['const x = () => ((a, b), (c as any, d))', 'const x = () => (a, b, c, d)'],
    [`import /* { */ 'a'`, `import 'a'`],
    [`import // {\n'a'`, `import 'a'`],
    ['const x = 0XFF, y = 0b1, z = 1_0e1, n = 0xFFn', 'const x = 255, y = 1, z = 100, n = 255n'],
    ['const x = 1.50E400', 'const x = 0.015e+402'],
    ['const x = /a/gi', 'const x = /a/ig'],
    [`const x = '\\u0061\\x62\\\nc'`, 'const x = "abc"'],
    [`const x = { 'a': 1, 0x10: 2, 1n: 3 }`, 'const x = { a: 1, 16: 2, "1": 3 }'],
    ['const \\u0061 = 1; a', 'const a = 1; \\u{61}'],
    ['const x = tag`a\r\nb\rc`, y = `a\r\nb`', 'const x = tag`a\nb\nc`, y = `a\nb`'],
    [`function f() { "use strict" }`, `function f() { 'use strict' }`],
    ['const x = () => ((a as any)?.b!.c satisfies any)', 'const x = () => a?.b.c'],
    ['const x = () => (a?.b as any).c', 'const x = () => (a?.b).c'],
    [
      'const x = () => { (a as any) = 1; (b!)++; [c as any] = d; ({ e: f! } = g) }',
      'const x = () => { a = 1; b++; [c] = d; ({ e: f } = g) }',
    ],
    ['for ((a as any) of b);', 'for (a of b);'],
    ['const x = f<string>, y = new A<string>, z = tag<string>`a`', 'const x = f, y = new A(), z = tag`a`'],
    ['declare enum E {}\ndeclare namespace N {}\ndeclare global {}\ndeclare module "m" {}', ''],
    ['export type * from "x"\nimport type y = require("y")', ''],
    ['abstract class A { abstract x(): void; abstract accessor y: 1; protected abstract z: 1 }', 'class A {}'],
    [
      'class A { declare x; y!: number; override z?: 1; constructor(); constructor(a?: 1) {} }',
      'class A { y; z; constructor(a) {} }',
    ],
    ['function f(this: A, b: 1): b is 1 {}', 'function f(b) {}'],
    ['{ ; a(); ; }', '{ a() }'],
  ])('%j → %j', async (from, to) => {
    expect(await hashOf(migration(from))).toBe(await hashOf(migration(to)))
  })

  it('is an ordering field in a sequence beside code with types', async () => {
    const plain = `exports.uses = { db: 'sql' }, exports.up = (() => {})`
    const before = await hashOf(`exports.up = (() => {}); exports.uses = { db: 'sql' }`, '1.cjs')
    expect(await hashOf(`exports.up = (() => {}); exports.id = 'x', exports.uses = { db: 'sql' }`, '1.cjs')).toBe(
      before,
    )
    expect(await hashOf(plain, '1.cjs')).not.toBe(before)
  })
})
