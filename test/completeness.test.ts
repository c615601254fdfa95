import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(repository, file), 'utf8')
const { exports } = JSON.parse(read('package.json')) as { readonly exports: Readonly<Record<string, unknown>> }

const adapters = readdirSync(join(repository, 'src/adapters'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

const testing = join(repository, 'test/testing')
const fixtures = readdirSync(testing).filter((file) => file.endsWith('.fixture.mjs'))
const runs = readdirSync(testing)
  .filter((file) => file.endsWith('.test.ts') && file !== 'mutants.test.ts')
  .map((file) => read(`test/testing/${file}`))
  .join('')

describe.each(adapters)('the adapter %s', (name) => {
  it('is run through testAdapter', () => {
    const own = fixtures.filter((file) =>
      read(`test/testing/${file}`).includes(`unplugin-migrations/adapters/${name}'`),
    )
    expect(own).not.toEqual([])
    expect(own.some((file) => runs.includes(`'${file.replace('.fixture.mjs', '')}'`))).toBe(true)
  })

  it('has a row in the README', () => {
    expect(read('README.md')).toMatch(new RegExp(`^\\| \`adapters/${name}\``, 'm'))
  })
})

it('there are adapters', () => {
  expect(adapters.length).toBeGreaterThan(3)
})

describe.each(['vite', 'rollup', 'rolldown', 'esbuild'])('the bundler %s', (name) => {
  it('has an entry, and builds the fixture application of the matrix', () => {
    expect(exports[`./${name}`]).toBe(`./dist/${name}.js`)
    expect(read('test/bundlers/builds.ts')).toContain(`src/${name}.ts'`)
  })
})

it('every entry of the package is a file of the source', () => {
  const entries = Object.entries(exports).flatMap(([key, target]) =>
    typeof target === 'string' ? [[key, target]] : [],
  )
  const sources = entries.filter(([, target]) => target?.startsWith('./dist/') && !target.includes('*'))
  for (const [key, target] of sources) {
    expect(existsSync(join(repository, `${target}`.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))), key).toBe(true)
  }
  expect(sources.length).toBeGreaterThan(5)
})
