import { describe, expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { app, migration, pointed } from '../scan/tree.ts'

async function said(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { diagnostics } = await scan({ root: app(files) })
  return diagnostics.map(({ code, severity, sources }) => `${code} ${severity} ${pointed(sources[0])}`)
}

describe('V05 what has no form is refused where it stands', () => {
  it.each([
    ['enum Size { S }', 'enum Size { S }'],
    ['const enum Size { S }', 'const enum Size { S }'],
    ['export enum Size { S }', 'enum Size { S }'],
    ['namespace N { export const x = 1 }', 'namespace N { export const x = 1 }'],
    ['module N { export const x = 1 }', 'module N { export const x = 1 }'],
    ['namespace N { export type X = 1 }', 'namespace N { export type X = 1 }'],
    ['class C { constructor(readonly x: 1) {} }', 'readonly x: 1) {} }'],
    ['class C { constructor(protected override x = 1) {} }', 'protected override x = 1) {} }'],
    [`import fs = require('fs')`, `import fs = require('fs')`],
    ['import Short = Long.Name', 'import Short = Long.Name'],
    ['@d class C {}', '@d class C {}'],
    ['class C { @d x = 1 }', '@d x = 1 }'],
    ['class C { @d() m() {} }', '@d() m() {} }'],
    ['class C { m(@d x: 1) {} }', '@d x: 1) {} }'],
  ])('%s', async (line, at) => {
    expect(await said({ '1.ts': migration(line) })).toEqual([`MIG_B0311 error ${at}`])
  })

  it.each([
    ['const x = <p>{1}</p>', '<p>{1}</p>'],
    ['const x = <></>', '<></>'],
  ])('%s', async (line, at) => {
    const files = { '1.ts': `import { x } from './_x.tsx'\n${migration('x()')}`, '_x.tsx': `${line}\nexport { x }` }
    expect(await said(files)).toEqual([`MIG_B0311 error ${at}`])
  })

  it('all of it at once, also in what a migration imports, and each file once', async () => {
    const importing = `import { x } from './_x.ts'\n${migration('enum A {}\nx()')}`
    const files = {
      '1.ts': importing,
      '2.ts': importing.replace('A', 'B'),
      '_x.ts': 'namespace N { x }\nexport const x = 1',
    }
    expect([...(await said(files))].toSorted()).toEqual([
      'MIG_B0311 error enum A {}',
      'MIG_B0311 error enum B {}',
      'MIG_B0311 error namespace N { x }',
    ])
  })
})

describe('what the hash does not cover is a warning where it stands', () => {
  it.each([
    ['const x = import.meta.url', 'import.meta.url'],
    [`const x = import.meta['url']`, `import.meta['url']`],
    ['const x = import.meta.dirname', 'import.meta.dirname'],
    ['const x = import.meta.filename', 'import.meta.filename'],
    [`const x = import.meta.resolve('./x')`, `import.meta.resolve('./x')`],
    [`const x = import.meta.glob('./*.sql')`, `import.meta.glob('./*.sql')`],
    ['const { url } = import.meta', 'import.meta'],
    ['const x = __dirname', '__dirname'],
    ['const x = [__filename]', '__filename]'],
    ['const x = import(name)', 'import(name)'],
    ['const x = require(name)', 'name)'],
    [`const x = require('../outside.js')`, `'../outside.js')`],
    [`const x = import('../outside.js')`, `'../outside.js')`],
    [`import x from '../outside.js'; x()`, `'../outside.js'; x()`],
    [`import x from '..'; x()`, `'..'; x()`],
    [`import '../outside.js'`, `'../outside.js'`],
    [`export { x as verify } from '../outside.js'`, `'../outside.js'`],
    [`import x from '#x'; x()`, `'#x'; x()`],
    [`import x from '@/x'; x()`, `'@/x'; x()`],
    [`import x from '~/x'; x()`, `'~/x'; x()`],
    [`import x from '/x'; x()`, `'/x'; x()`],
  ])('%s', async (line, at) => {
    expect(await said({ '1.js': migration(line) })).toEqual([`MIG_B0312 warning ${at}`])
  })

  it.each([
    `import type { X } from '../outside.js'`,
    `import { type X } from '#x'`,
    `import { X } from '@/x'; const x: X = 1`,
    `export type { X } from '../outside.js'`,
    `const x = import.meta.env`,
    `const x = { url: import.meta.main, __dirname: 1 }.__dirname`,
    `const name = 'url', x = y[name]`,
  ])('but not %s', async (line) => {
    expect(await said({ '1.ts': migration(line) })).toEqual([])
  })
})
