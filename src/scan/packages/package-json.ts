import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import { isTooDeep } from '../hash/nesting.ts'
import type { SourceText } from '../report/position.ts'

/** A package.json as data. Keys are read with `Object.entries`, never by name from its objects' prototypes. */
export interface PackageJson {
  readonly source: SourceText
  readonly fields: ReadonlyMap<string, unknown>
}

/** @throws SyntaxError when it is not a JSON object, and what reading throws */
export function readPackageJson(folder: string): PackageJson {
  const file = `${folder}/package.json`
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  const fields = entriesOf(JSON.parse(text))
  if (!fields) throw new SyntaxError('it is not a JSON object')
  return { source: { file, text }, fields: new Map(fields) }
}

export function textOf(json: PackageJson, field: string): string | undefined {
  const value = json.fields.get(field)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Names of a map of dependencies, in the order of the file. */
export function namesIn(json: PackageJson, field: string): readonly string[] {
  return (entriesOf(json.fields.get(field)) ?? []).map(([name]) => name)
}

/** The own entries of a plain object; `undefined` for anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.entries(value)
}

/** Where the value at a path of keys stands, for a frame; the nearest one above it that is there. */
export function offsetOf(json: PackageJson, ...keys: readonly string[]): number {
  // JSON has no such limit, the parser of modules has.
  if (isTooDeep(json.source.text)) return 0
  const { program } = parseSync('package.ts', `(${json.source.text}\n)`, { preserveParens: false })
  const statement = program.body[0]
  let node = statement?.type === 'ExpressionStatement' ? statement.expression : undefined
  let offset = 0
  for (const key of keys) {
    if (node?.type !== 'ObjectExpression') break
    const property = node.properties.find(
      (each) => each.type === 'Property' && each.key.type === 'Literal' && each.key.value === key,
    )
    if (property?.type !== 'Property') break
    node = property.value
    offset = node.start - 1
  }
  return offset
}
