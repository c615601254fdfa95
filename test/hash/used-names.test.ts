import { describe, expect, it } from 'vitest'
import { hash, hashOf } from '../scan/hashes.ts'
import { migration } from '../scan/tree.ts'

const withNames = (text: string): Promise<string> => hash({ '1.ts': text, '_x.ts': 'export const x = 1' })

describe('an ordering field', () => {
  it.each([
    `export const labels = ['a']\nexport const verify = () => labels[0]`,
    `export const labels = ['a']\nfunction f() { { let labels } return labels }`,
    `export const labels = ['a']\nfunction f(a = labels) { var labels }`.replace('var labels', ''),
    `export const labels = ['a'], parents = [...labels.slice(1)].length ? [] : []`.replace(
      /, parents.*/,
      '\nlabels.length',
    ),
    `const marks = ['a']\nexport { marks as labels }\nexport const verify = () => ({ marks })`,
    `const marks = ['a'], more = marks\nexport { marks as labels }`,
    `export const labels = ['a']\nexport const verify = () => class { [labels[0]] = 1 }`,
  ])('counts where code reads it: %s', async (more) => {
    expect(await hashOf(migration(more))).not.toBe(await hashOf(migration(more.replace("['a']", "['b']"))))
  })

  it.each([
    `const verify2 = ({ id }) => id`,
    `export async function verify({ db }) { for (const { id, labels: [parents] } of await db.rows()) parents.id = id.labels }`,
    `function f(id) { return { labels: id, id } }`,
    `try {} catch (id) { id() }`,
    `{ const id = 1; id }`,
    `const f = function id() { id() }`,
    `const f = class labels { static x = labels }`,
    `id: for (;;) { break id }`,
    `function f() { return id; var id }`,
    `switch (1) { case 1: let id; id }`,
    `for (let id = 1; id; id++) id`,
  ])('does not where a name is another: %s', async (more) => {
    const named = `export const id = 'x', labels = ['y'], parents = []\n${more}`
    expect(await hashOf(migration(named))).toBe(await hashOf(migration(more)))
  })
})

describe('an import', () => {
  it.each([
    `const f = (x: x): x => x`,
    `const f = { x: 1 }.x as x`,
    `x: for (;;) { continue x }`,
    `function f<T extends x>({ x }: T) { return x }`,
    `type Y = typeof x`,
  ])('of a type does not count where a value has its name: %s', async (more) => {
    const compiled = await withNames(migration(more))
    expect(await withNames(`import { x } from './_x.ts'\n${migration(more)}`)).toBe(compiled)
  })

  it.each([
    `const f = () => x`,
    `const f = (y = x) => { { let x } }`,
    `export { x as verify }`,
    `x()`,
    `function f(y = x) { var x; return y }`,
    `const f = (y = x) => { var x; return y }`,
    `function f({ [x]: y }) { { var x } return y }`,
    `switch (x) { default: let x }`,
    `const f = { x }`,
    `const f = { [x]: 1 }`,
    `const f = class extends x {}`,
    `const f = (x!) as any`,
    'const f = x`a`',
    `function f() { x = 1 }`,
    `for (x of []);`,
    `[x.y] = []`,
    `const { y = x } = {}`,
    `const f = () => { if (1) { var y = x } }`,
  ])('counts where code reads it: %s', async (more) => {
    const without = await withNames(migration(more))
    expect(await withNames(`import { x } from './_x.ts'\n${migration(more)}`)).not.toBe(without)
  })
})
