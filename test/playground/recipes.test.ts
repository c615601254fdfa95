import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const recipes = readdirSync(join(repository, 'docs/recipes'))

it('there are recipes', () => {
  expect(recipes).toContain('replace-a-storage.md')
})

describe.each(recipes)('%s', (name) => {
  const text = readFileSync(join(repository, 'docs/recipes', name), 'utf8')
  const blocks = [...text.matchAll(/```\w+\n\/\/ (\S+)\n([^]*?)```/g)].map(([, path = '', code = '']) => ({
    path,
    code,
  }))

  it('quotes code with the file that it is from', () => {
    expect(blocks.length).toBeGreaterThan(0)
    expect(blocks).toHaveLength(text.match(/^```\w+$/gm)?.length ?? 0)
  })

  it.each(blocks)('quotes $path as it is', ({ path, code }) => {
    expect(flat(readFileSync(join(repository, path), 'utf8'))).toContain(flat(code))
  })
})

/** Without indentation, which the formatter takes from code inside of a page. */
function flat(text: string): string {
  return text.replaceAll(/^ +/gm, '')
}
