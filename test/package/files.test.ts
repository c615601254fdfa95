import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { afterAll, describe, expect, it } from 'vitest'
import { BUILD } from '../../src/diagnostics/build.ts'
import { PLAN } from '../../src/diagnostics/plan.ts'
import { RUN } from '../../src/diagnostics/run.ts'
import { pageOf } from '../../src/scan/report/format-diagnostic.ts'
import { entries, packageJson, repository } from './entries.ts'
import { packTarball } from './tarball.ts'

const folder = mkdtempSync(join(tmpdir(), 'files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { files } = packTarball(folder)

const read = (file: string): string => readFileSync(join(repository, file), 'utf8')
const code = files.filter((file) => file.endsWith('.js'))

/** What the plugin and the command line have in two files; `its code is all in use` finds what is missing here. */
const BUNDLED = /^(?:(?:cli|codegen|plugin|scan)\/|graph\/manifest-edges|sql\/dialect)/

/** A file, or all in a folder, relative to the repository. */
function filesIn(path: string): readonly string[] {
  if (statSync(join(repository, path)).isFile()) return [path]
  return readdirSync(join(repository, path)).flatMap((name) => filesIn(`${path}/${name}`))
}

describe('the package', () => {
  it('holds the compiled source, its docs, and nothing else; what a build loads is in two files', () => {
    const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
    const compiled = sources.flatMap((file) => {
      if (file.endsWith('.d.ts')) return [`dist/${file}`]
      if (!file.endsWith('.ts')) return []
      const types = `dist/${file.replace(/ts$/, 'd.ts')}`
      return BUNDLED.test(file) ? [types] : [types, `dist/${file.replace(/ts$/, 'js')}`]
    })
    expect(compiled.length).toBeGreaterThan(100)
    const docs = packageJson.files.filter((path) => !path.includes('dist')).flatMap(filesIn)
    const bundled = ['dist/bundled/plugin.js', 'dist/bundled/scan.js']
    expect(files).toEqual(['LICENSE', 'README.md', 'package.json', ...docs, ...bundled, ...compiled].toSorted())
  })

  it('shows users these files and folders', async () => {
    const shown = files.map((file) => file.replace(/^(dist\/(?!adapters\/)[^/]+\/|dist\/adapters\/[^/]+\/).*/, '$1'))
    await expect(`${[...new Set(shown)].join('\n')}\n`).toMatchFileSnapshot('files.txt')
  })

  it('has every file of every entry', () => {
    const wanted = entries.flatMap((entry) => [entry.types, entry.code ?? entry.types].map((file) => file.slice(2)))
    expect(files).toEqual(expect.arrayContaining(wanted))
  })

  it('has the page that each error leads to', () => {
    const pages = [BUILD, RUN, PLAN].flatMap((catalogue) => Object.keys(catalogue).map(pageOf))
    expect(pages.length).toBeGreaterThan(50)
    for (const page of pages) {
      const [path = '', anchor = ''] = page.split('#')
      expect(path).toMatch(/^unplugin-migrations\//)
      const file = path.slice('unplugin-migrations/'.length)
      expect(files).toContain(file)
      expect(read(file)).toContain(`\n## ${anchor.toUpperCase()}\n`)
    }
  })

  it('has every page of docs/ that its own pages link to', () => {
    const links = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => [...read(file).matchAll(/\]\((docs\/[^)#]+)/g)].map((match) => `${match[1]}`))
    expect(links).toContain('docs/errors.md')
    expect(files).toEqual(expect.arrayContaining(links))
  })
})

/** Modules that a file imports, lazily too. */
function importsOf(file: string): readonly string[] {
  const { module } = parseSync(file, read(file))
  const lazy = module.dynamicImports.map(({ moduleRequest }) =>
    read(file).slice(moduleRequest.start, moduleRequest.end),
  )
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries: list }) =>
      list.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...lazy.filter((text) => /^['"]/.test(text)).map((text) => text.slice(1, -1)),
  ]
}

describe('its code', () => {
  it('imports nothing that a user may lack', () => {
    const bare = code.flatMap((file) => importsOf(file).filter((specifier) => !specifier.startsWith('.')))
    const packages = new Set(bare.filter((specifier) => !specifier.startsWith('node:')))
    expect([...packages].toSorted()).toEqual(Object.keys(packageJson.dependencies).toSorted())
  })

  it('is all in use', () => {
    const reached = new Set([
      ...entries.flatMap((entry) => entry.code?.slice(2) ?? []),
      ...Object.values(packageJson.bin).map((file) => file.slice(2)),
    ])
    for (const file of reached) {
      for (const specifier of importsOf(file)) {
        if (specifier.startsWith('.')) reached.add(join(file, '..', specifier).replaceAll('\\', '/'))
      }
      // A program that is started, not imported.
      for (const [, program = ''] of read(file).matchAll(
        /fileURLToPath\(new URL\('(\.\/[^']+\.js)', import\.meta\.url\)\)/g,
      )) {
        reached.add(join(file, '..', program).replaceAll('\\', '/'))
      }
    }
    // A module of types alone is empty.
    const useless = code.filter((file) => !reached.has(file) && read(file).trim() !== 'export {};')
    expect(useless).toEqual([])
    expect([...reached].filter((file) => !files.includes(file))).toEqual([])
  })
})
