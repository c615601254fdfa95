import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import * as fc from 'fast-check'
import { parseSync, Visitor } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { hash, hashOf } from './hashes.ts'
import { app, migration, scanned, write } from './tree.ts'

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

const compiled = (text: string): string => transformSync(text, { loader: 'ts', target: 'esnext' }).code

const SOURCE = `#!/usr/bin/env node
// What this is for.
import type { Sql } from 'somewhere'
import { helper, type Options, Shape } from './_helper.ts'
import { defineMigration } from 'unplugin-migrations/runtime'
import './_effect.ts'

type Row = { readonly id: number; readonly "width": number | null }
interface Wide extends Shape { width: number }
declare const VERSION: string

const PATTERN = /^(\\d+)-(.*)$/giu
const BIG = 12_345n, SMALL = 0xff, TEXT = 'it\\'s', LINES = \`first
second \${BIG} third\`

abstract class Store<T> implements Iterable<T> {
  declare ghost: string
  static readonly size: number = 1_000
  private readonly items: T[] = []
  #secret?: number;
  constructor(readonly_: boolean, public_?: T) { void readonly_; void public_; this.#secret = 1 }
  abstract open(): void
  read(key: string): T
  read(key: number): T
  read(this: Store<T>, key: unknown): T { return this.items[key as number]! }
  get first(): T | undefined { return this.items?.[0] }
  *[Symbol.iterator](): Iterator<T> { yield* this.items; yield this.#secret as unknown as T }
  [key: string]: unknown
}

function overloaded(a: string): void
function overloaded(a: unknown, ...rest: readonly number[]): asserts a is string { void [a, , ...rest] }

export default defineMigration({
  'uses': { db: 'sql' },
  dependsOn: [],
  labels: ['schema'] as const,
  async up({ db, log }: { db: Sql; log(text: string): void }, options?: Options) {
    const rows = await db.rows<Row>\`select id from image where name = '\\n' and id = \${(1 + 2) * 3}\`
    outer: for (const { id, width = 0, ...rest } of rows as Row[]) {
      if (!width || (rest satisfies object) === null) continue outer
      else log((<string>(\`\${id}\`))!)
      do { helper?.(id)!.next } while (false)
    }
    for (;;) break
    try { switch (options?.mode ?? -1) { case 1: case 2: overloaded('x'); break; default: throw new Error(TEXT) } }
    catch { delete (globalThis as any)['cache'] } finally { await db.script(LINES) }
    const { a: [b, c = PATTERN.source] = [], ...others }: any = { a: [0], 'b-c': SMALL, [TEXT]: 1, 2: null, b() {}, get d() { return BIG } }
    void [typeof b, c, others, new.target, Store, import.meta, async (x: number): Promise<number> => x ** 2, function* () {}]
    debugger
  },
  down: false,
} satisfies object)
`

const FILES = {
  '_helper.ts': 'export const helper: any = (x: number) => x\nexport interface Shape {}\n',
  '_effect.ts': 'export {}\n',
}

describe('V05 what never counts', () => {
  it('is what a formatter does', async () => {
    const root = app({ ...FILES, '1.ts': SOURCE })
    const [before] = (await scanned(root)).migrations
    execFileSync(join(BIN, 'oxfmt'), ['1.ts', '_helper.ts'], { cwd: `${root}/migrations` })
    expect(readFileSync(`${root}/migrations/1.ts`, 'utf8')).not.toBe(SOURCE)
    write(root, {
      '.oxfmtrc.json':
        '{ "semi": false, "singleQuote": true, "printWidth": 40, "quoteProps": "consistent", "tabWidth": 8 }',
    })
    expect((await scanned(root)).migrations[0]?.hash).toBe(before?.hash)
    execFileSync(join(BIN, 'oxfmt'), ['-c', '../.oxfmtrc.json', '1.ts'], { cwd: `${root}/migrations` })
    expect(readFileSync(`${root}/migrations/1.ts`, 'utf8')).toContain('\n        helper,\n')
    expect((await scanned(root)).migrations[0]?.hash).toBe(before?.hash)
  })

  it('is what tsc removes', async () => {
    const options = {
      target: 'ESNext',
      module: 'NodeNext',
      rewriteRelativeImportExtensions: true,
      outDir: 'out',
      rootDir: 'migrations',
      noCheck: true,
      types: [],
    }
    const root = app({ ...FILES, '1.ts': SOURCE })
    write(root, { 'tsconfig.json': { json: { compilerOptions: options, include: ['migrations'] } } })
    const [before] = (await scanned(root)).migrations
    execFileSync(join(BIN, 'tsc'), ['-p', '.'], { cwd: root })
    expect(readFileSync(`${root}/out/1.js`, 'utf8')).not.toContain('interface')
    const [after] = (await scanned(root, { path: 'out' })).migrations
    expect(after?.files[0].file).toBe(`${root}/out/1.js`)
    expect(after?.hash).toBe(before?.hash)
  })

  it('is what esbuild removes', async () => {
    const built = Object.fromEntries(
      Object.entries({ ...FILES, '1.ts': SOURCE }).map(([name, text]) => [name, compiled(text)]),
    )
    expect(await hash(built)).toBe(await hash({ ...FILES, '1.ts': SOURCE }))
  })

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['the ends of lines', (text: string) => text.replaceAll('\n', '\r\n')],
    [
      'ordering fields',
      (text: string) =>
        text.replace('dependsOn: [],', `runBefore: [], parents: [], id: 'x',`).replace(`['schema']`, '[]'),
    ],
  ])('is %s', async (_, edit) => {
    const edited = edit(SOURCE)
    expect(edited).not.toBe(SOURCE)
    expect(await hash({ ...FILES, '1.ts': edited })).toBe(await hash({ ...FILES, '1.ts': SOURCE }))
  })

  it('is an ordering field in named exports, in an export list, and in compiled CommonJS', async () => {
    const plain = await hashOf(migration())
    expect(await hashOf(migration(`export const dependsOn = [], labels = ['x']`))).toBe(plain)
    expect(await hashOf(migration(`export const parents = []\nexport const id = '7'`))).toBe(plain)
    const listed = `const uses = { db: 'sql' }\nfunction up() {}\n`
    const list = await hashOf(`${listed}export { uses, up }`)
    expect(await hashOf(`${listed}const runBefore = []\nexport { uses, runBefore, up }`)).toBe(list)
    const cjs = `Object.defineProperty(exports, '__esModule', { value: true })\nexports.uses = { db: 'sql' }\nexports.up = () => {}`
    const blank = cjs.replace('exports.uses', 'exports.up = exports.labels = exports.uses = void 0\nexports.uses')
    expect(await hashOf(`${blank}\nexports.labels = ['x']`, '1.cjs')).toBe(await hashOf(cjs, '1.cjs'))
    const sequence = cjs.replace('exports.uses = {', "exports.id = '7', exports.uses = {")
    expect(await hashOf(sequence, '1.cjs')).toBe(await hashOf(cjs, '1.cjs'))
  })

  it('is a comment or white space before any word', async () => {
    const starts = wordStarts(SOURCE)
    const before = await hash({ ...FILES, '1.ts': SOURCE })
    const edits = fc.array(fc.tuple(fc.nat(starts.length - 1), fc.constantFrom('/* x */', ' ', '/** "\'` */ ')), {
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(edits, async (chosen) => {
        let text = SOURCE
        for (const [index, inserted] of chosen.toSorted(([a], [b]) => b - a))
          text = text.slice(0, starts[index]) + inserted + text.slice(starts[index])
        // The temporary folder of each run lives until the test ends.
        expect(await hash({ ...FILES, '1.ts': text })).toBe(before)
      }),
      { numRuns: 40 },
    )
  })
})

/** Where a name or a literal begins: there a comment may stand. */
function wordStarts(text: string): readonly number[] {
  const starts = new Set<number>()
  const add = ({ start }: { readonly start: number }): void => void starts.add(start)
  new Visitor({ Identifier: add, Literal: add }).visit(parseSync('1.ts', text).program)
  return [...starts].toSorted((a, b) => a - b)
}

describe('V05 what always counts', () => {
  it('is a change of any name, text, number or template', async () => {
    const text = compiled(SOURCE)
    const leaves = new Map<number, { readonly start: number; readonly end: number; readonly with: string }>()
    const add = (leaf: { readonly start: number; readonly end: number; readonly with: string }): void => {
      leaves.set(leaf.start, leaf)
    }
    const ordering = /dependsOn|labels|schema|uses|up|down|sql|db|defineMigration/
    new Visitor({
      Identifier: ({ start, end, name }) => ordering.test(name) || add({ start, end, with: `${name}2` }),
      Literal: ({ start, end, value, raw }) => {
        if (typeof value === 'string' && !ordering.test(value) && !value.includes('/'))
          add({ start, end, with: "'other'" })
        if (typeof value === 'number') add({ start, end, with: String(value + 1) })
        if (raw?.endsWith('n')) add({ start, end, with: '7n' })
      },
      TemplateElement: ({ start, end, value }) => add({ start, end, with: `${value.raw} more` }),
    }).visit(parseSync('1.ts', text).program)
    const seen = new Map([[await hash({ ...FILES, '1.ts': text }), 'nothing']])
    for (const leaf of leaves.values()) {
      const edited = text.slice(0, leaf.start) + leaf.with + text.slice(leaf.end)
      // A label and its use, or a property that no longer parses: only programs are compared.
      if (parseSync('1.ts', edited).errors.length > 0) continue
      const found = await hash({ ...FILES, '1.ts': edited })
      expect(seen.get(found), `${leaf.start}: ${text.slice(leaf.start, leaf.end)}`).toBeUndefined()
      seen.set(found, edited)
    }
    expect(seen.size).toBeGreaterThan(80)
  })

  it.each([
    ['f(a, b)', 'f(b, a)'],
    ['a + b', 'a - b'],
    ['a?.b', 'a.b'],
    ['a?.b.c', '(a?.b).c'],
    ['a.b', 'a[b]'],
    ['a.b', "a['b']"],
    ['`a`', "'a'"],
    ['x`\\n`', 'x`\n`'],
    ['({ a })', '({ b: a })'],
    ['({ __proto__ })', '({ __proto__: __proto__ })'],
    ['({ a() {} })', '({ a: function () {} })'],
    ['async () => {}', '() => {}'],
    ['() => ({})', '() => {}'],
    ['function* f() {}', 'function f() {}'],
    ['[a, , b]', '[a, b]'],
    ['++a', 'a++'],
    ['let x = 1', 'var x = 1'],
    ['if (a) b; else c', 'if (a) b; c'],
    ['for (;;) { break }', 'while (true) { break }'],
    ['for await (const x of y) {}', 'for (const x of y) {}'],
    ['class A { static x = 1 }', 'class A { x = 1 }'],
    ['class A { #x() {} }', "class A { '#x'() {} }"],
    ['class A { get x() {} }', 'class A { x() {} }'],
    ['class A { static {} }', 'class A {}'],
    ['/a/g', '/a/i'],
    ['1n', '1'],
    ['"1"', '1'],
    ['null', '"null"'],
    ['new A()', 'A()'],
    ['yield_()', 'new yield_()'],
    ["import 'a'", "import 'b'"],
    ["import a from 'a'; a", "import * as a from 'a'; a"],
    ["import { a } from 'a'; a", "import { b as a } from 'a'; a"],
    ["import a from 'a' with { type: 'json' }; a", "import a from 'a'; a"],
    ["import('a')", "import('b')"],
    ['{ "use strict"; }', '{ ; }'],
    ['a; b', 'b; a'],
    ['a', 'a\nb'],
  ])('is the step from %j to %j', async (from, to) => {
    expect(await hashOf(migration(from))).not.toBe(await hashOf(migration(to)))
  })

  it('is what the migration says, other than when', async () => {
    const plain = await hashOf(migration())
    for (const line of ['export const down = false', 'export function verify() {}', 'export const idempotent = true'])
      expect(await hashOf(migration(line))).not.toBe(plain)
    expect(await hashOf(migration().replace("'sql'", "'kv'"))).not.toBe(plain)
  })
})

it('survives code of any depth that the parser survives', async () => {
  expect(await hashOf(migration(`const x = ${'['.repeat(3_000)}${']'.repeat(3_000)}`))).toMatch(/^h1:[0-9a-f]{64}$/)
  expect(await hashOf(migration(`const x = ${'1 + '.repeat(3_000)}1`))).toMatch(/^h1:[0-9a-f]{64}$/)
})
