import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { afterAll, describe, expect, it } from 'vitest'
import { typesFile } from '../../src/codegen/types-file.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'types-file-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The keys of the interface that the text adds to. */
function keysOf(text: string): readonly string[] {
  const { program, errors } = parseSync('migrations-env.d.ts', text)
  expect(errors).toEqual([])
  const [exported] = program.body.filter((node) => node.type === 'ExportNamedDeclaration')
  const ids = exported?.declaration
  if (ids?.type !== 'TSInterfaceDeclaration') throw new Error('there is no interface')
  return ids.body.body.flatMap((member) =>
    member.type === 'TSPropertySignature' && member.key.type === 'Literal' ? [String(member.key.value)] : [],
  )
}

const many = (length: number): readonly string[] => Array.from({ length }, (_, index) => `app:${index}`)

describe('migrations-env.d.ts', () => {
  it('is the same for every order of work', () => {
    const text = typesFile(['b:0002', 'a:0002', 'B:0001', 'a:0001'])
    expect(text).toBe(typesFile(['a:0001', 'a:0002', 'b:0002', 'B:0001']))
    expect(keysOf(text)).toEqual(['B:0001', 'a:0001', 'a:0002', 'b:0002'])
  })

  it('quotes what a name may hold', () => {
    expect(keysOf(typesFile([`it's "a\\b`]))).toEqual([`it's "a\\b`])
  })

  it('lists 500 ids, and none of more', () => {
    expect(keysOf(typesFile(many(500)))).toHaveLength(500)
    expect(keysOf(typesFile(many(501)))).toEqual([])
    expect(typesFile(many(501))).toContain('501 ids')
    expect(keysOf(typesFile([]))).toEqual([])
  })

  it('is a module, so that it adds to the types of the package and does not replace them', () => {
    expect(parseSync('migrations-env.d.ts', typesFile([])).module.hasModuleSyntax).toBe(true)
  })

  it.each([
    ['two ids', ['app:0001', 'app:0002']],
    ['none', []],
  ])('with %s is left alone by linters and formatters, whatever style they are set to', (_, ids) => {
    const file = join(folder, 'migrations-env.d.ts')
    const text = typesFile(ids)
    writeFileSync(file, text)
    const bin = join(import.meta.dirname, '../../node_modules/.bin')
    for (const style of [{}, { semi: false, singleQuote: true }, { useTabs: true }]) {
      writeFileSync(join(folder, '.oxfmtrc.json'), JSON.stringify(style))
      execFileSync(join(bin, 'oxfmt'), [file], { cwd: folder, stdio: 'pipe' })
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
    for (const style of [{}, { semi: false, singleQuote: true }, { useTabs: true }]) {
      writeFileSync(join(folder, '.prettierrc.json'), JSON.stringify(style))
      execFileSync(join(bin, 'prettier'), ['--write', file], { cwd: folder, stdio: 'pipe' })
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
    const groups = ['complexity', 'correctness', 'performance', 'security', 'style', 'suspicious']
    const rules = Object.fromEntries(groups.map((group) => [group, 'on']))
    for (const semicolons of ['always', 'asNeeded']) {
      const javascript = { formatter: { semicolons, quoteStyle: 'single' } }
      writeFileSync(join(folder, 'biome.json'), JSON.stringify({ javascript, linter: { rules } }))
      execFileSync(join(bin, 'biome'), ['check', '--write', '--error-on-warnings', file], {
        cwd: folder,
        stdio: 'pipe',
      })
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
    const categories = ['correctness', 'suspicious', 'pedantic', 'style'].flatMap((category) => ['-W', category])
    execFileSync(join(bin, 'oxlint'), ['--deny-warnings', ...categories, file], { cwd: folder, stdio: 'pipe' })
  })
})
