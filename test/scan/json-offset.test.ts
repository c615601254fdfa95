import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { offsetInJson } from '../../src/scan/packages/json-offset.ts'

const keys = fc.oneof(fc.constantFrom('a', 'b', '__proto__', '"', '\\', ':', '{'), fc.string())
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

/** Some keys that lead from object to object, as far as a number lets them, and what they lead to. */
function pathIn(object: unknown, choices: readonly number[]): { readonly path: string[]; readonly value: unknown } {
  const path: string[] = []
  let value = object
  for (const choice of choices) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) break
    const entries = Object.entries(value)
    const entry = entries[choice % Math.max(entries.length, 1)]
    if (!entry) break
    path.push(entry[0])
    value = entry[1]
  }
  return { path, value }
}

it('finds the value at a path of keys, wherever the same names stand beside it', () => {
  fc.assert(
    fc.property(values.object, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (object, choices) => {
      const text = JSON.stringify(object)
      const { path, value } = pathIn(JSON.parse(text), choices)
      fc.pre(path.length > 0)
      const offset = offsetInJson(text, path)
      expect(text.startsWith(JSON.stringify(value), offset)).toBe(true)
      expect(text.slice(0, offset).endsWith(`${JSON.stringify(path.at(-1))}:`)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it('finds the nearest one above where the rest is not there', () => {
  const text = '{\n  "b": { "path": 1 },\n  "a" : { "b": [{ "path": 2 }], "c": "path" },\n  "path": 3\n}'
  expect(text.slice(offsetInJson(text, ['a', 'path']))).toMatch(/^\{ "b": \[/)
  expect(text.slice(offsetInJson(text, ['a', 'c', 'path']))).toMatch(/^"path" \}/)
  expect(offsetInJson(text, ['c', 'path'])).toBe(0)
  expect(offsetInJson('', ['a'])).toBe(0)
})

it('looks into JSON of any depth', () => {
  const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},"migrations":"here"}`
  expect(deep.slice(offsetInJson(deep, ['migrations']))).toBe('"here"}')
})

it.each([
  ['letters', 'x'.repeat(30_000_000)],
  ['escapes', String.raw`\n`.repeat(10_000_000)],
])('passes by a text of many %s', (_, inside) => {
  const long = `{"text":"${inside}","migrations":"here"}`
  expect(long.slice(offsetInJson(long, ['migrations']))).toBe('"here"}')
})
