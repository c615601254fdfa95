import { transformSync } from 'esbuild'
import * as fc from 'fast-check'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { canonicalModule } from '../../src/scan/hash/canonical.ts'
import { isNode, type Node } from '../../src/scan/hash/estree.ts'
import { goldenFiles } from './golden.ts'
import { type Mutation, mutationsOf } from './mutations.ts'

interface Tree {
  readonly name: string
  readonly source: string
  readonly program: Node
}

/** The modules of the fixtures that have all syntax, without types: what is left counts, all of it. */
const TREES: readonly Tree[] = Object.entries(goldenFiles())
  .filter(([name]) => /^(?:newer|syntax)\/.*\.[mc]?[jt]s$/.test(name))
  .map(([name, text]) => {
    const isTyped = name.endsWith('ts')
    const source = isTyped ? transformSync(text, { loader: 'ts', target: 'esnext' }).code : text
    const file = isTyped ? '1.mjs' : name
    const unambiguous = file.endsWith('.js') ? ({ sourceType: 'unambiguous' } as const) : {}
    const { program, errors } = parseSync(file, source, { astType: 'ts', preserveParens: false, ...unambiguous })
    expect(errors).toEqual([])
    return { name, source, program: program as unknown as Node }
  })

function canonical({ program, source }: Tree): string {
  return canonicalModule(program, source, { skip: new Set(), request: (specifier) => specifier, place() {} }).text
}

/** All nodes but those that only count together with others: a name that is imported counts where it is used. */
function nodesOf({ program }: Tree): readonly Node[] {
  const found: Node[] = []
  const pending: unknown[] = [program]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isNode(value)) {
      if (value.type === 'ImportDeclaration' || value.type === 'EmptyStatement') continue
      found.push(value)
      // Of a directive only its text counts.
      if (typeof value['directive'] === 'string') continue
    }
    pending.push(...Object.values(value))
  }
  return found
}

const ALL: readonly (Mutation & { readonly tree: Tree })[] = TREES.flatMap((tree) =>
  nodesOf(tree).flatMap((node) => mutationsOf(node, tree.source).map((mutation) => ({ ...mutation, tree }))),
)

describe('V05 a change of a tree', () => {
  it('counts, each of thousands', () => {
    const originals = new Map(TREES.map((tree) => [tree, canonical(tree)]))
    const uncounted = ALL.filter(({ make, tree }) => {
      const undo = make()
      const after = canonical(tree)
      undo()
      return after === originals.get(tree)
    })
    const said = uncounted.map(
      ({ what, tree, node }) => `${tree.name}: ${what} at ${tree.source.slice(node.start, node.end).slice(0, 60)}`,
    )
    expect(said.slice(0, 20)).toEqual([])
    expect(ALL.length).toBeGreaterThan(5_000)
  })
})

describe('a literal', () => {
  const value = fc.oneof(
    // With halves of characters.
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.double({ noNaN: true }),
    fc.bigInt(),
    fc.constantFrom(true, false, null, '\uFFFD', '\uD800', 'null', '0', 0, 0n, -0),
  )

  it('counts by its value, whatever it is', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(formOf(written(one)) === formOf(written(other))).toBe(Object.is(one, other))
      }),
      { numRuns: 2_000 },
    )
  })

  it('counts the same in every spelling', () => {
    const spelled = fc.tuple(fc.string(), fc.constantFrom("'", '"'), fc.func(fc.boolean()))
    fc.assert(
      fc.property(spelled, ([text, quote, escapes]) => {
        const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
        const inside = units.map((unit, index) =>
          escapes(index) || unit < 32 || unit > 126 || '\'"\\'.includes(String.fromCharCode(unit))
            ? `\\u${unit.toString(16).padStart(4, '0')}`
            : String.fromCharCode(unit),
        )
        expect(formOf(quote + inside.join('') + quote)).toBe(formOf(JSON.stringify(text)))
      }),
    )
  })
})

function formOf(expression: string): string {
  const source = `x = ${expression}`
  const { program, errors } = parseSync('1.js', source, { astType: 'ts', preserveParens: false })
  expect(errors).toEqual([])
  return canonical({ name: '', source, program: program as unknown as Node })
}

function written(value: string | number | bigint | boolean | null): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'number') return JSON.stringify(value)
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return value > 0 ? '1e400' : '-1e400'
}
