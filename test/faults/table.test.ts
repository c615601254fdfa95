import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const TESTS = join(import.meta.dirname, '..')
const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

interface Row {
  readonly id: string
  readonly tests: string
  readonly reason: string
}

const rows = README.split('\n').flatMap((line): readonly Row[] => {
  const [, id = '', tests = '', reason = ''] = /^\| ([A-Z]\d\d) *\|([^|]*)\|([^|]*)\|$/.exec(line) ?? []
  return id === '' ? [] : [{ id, tests: tests.trim(), reason: reason.trim() }]
})

/** `C01 to C18` and the like. */
const ids = [...README.matchAll(/\b([A-Z])01 to\s[A-Z](\d\d)\b/g)].flatMap(([, letter = '', last]) =>
  Array.from({ length: Number(last) }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`),
)

function fileOf(name: string): string | undefined {
  return [`${name}.test.ts`, `${name}.ts`, name].map((file) => join(TESTS, file)).find((file) => existsSync(file))
}

/** Without comments. Names of tests may come from a module beside it. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\s*(\/\/|\/\*|\*).*$/gm, '')
}

function codeWithModules(file: string): string {
  const code = codeOf(file)
  const modules = [...code.matchAll(/from '(\.[^']*)'/g)].map(([, path = '']) => join(file, '..', path))
  return [code, ...modules.filter((path) => path.startsWith(TESTS) && existsSync(path)).map(codeOf)].join('\n')
}

it('has one row for each fault', () => {
  expect(ids).toHaveLength(85)
  expect(rows.map(({ id }) => id)).toEqual(ids)
})

it('says why where there is no test', () => {
  const silent = rows.filter(({ tests, reason }) => !tests.includes('`') && reason === '')
  expect(silent.map(({ id }) => id)).toEqual([])
  expect(rows.filter(({ tests }) => tests === '')).toEqual([])
})

it.each(rows.filter(({ tests }) => tests.includes('`')))(
  '$id is in the name of a test of each file that is named',
  ({ id, tests }) => {
    for (const [, name = ''] of tests.matchAll(/`([^`]+)`/g)) {
      if (/[^\w./-]/.test(name) || !name.includes('/')) continue
      const file = fileOf(name)
      expect(file, name).toBeDefined()
      expect(codeWithModules(file ?? ''), name).toMatch(new RegExp(`['"\`](.*\\W)?${id}\\b`))
    }
  },
)

const bugs = README.slice(README.indexOf('## Bugs of others'))
  .split('\n')
  .flatMap((line): readonly (readonly [tool: string, file: string])[] => {
    const [, tool = '', file] = /^\| ([^|]+?) *\|[^|]*\| `([^`]+)` *\|$/.exec(line) ?? []
    return file === undefined ? [] : [[tool, file]]
  })

it('knows the bugs of others', () => {
  expect(bugs.length).toBeGreaterThan(15)
})

it.each(bugs)('a bug of %s is in the name of a test of %s', (tool, name) => {
  const file = fileOf(name)
  expect(file, name).toBeDefined()
  expect(codeWithModules(file ?? ''), name).toMatch(new RegExp(`^\\s*.*['"\`].*\\b${tool}\\b`, 'im'))
})
