import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '../src')

/** Which parts of src a part may import, beside itself, and which bare modules. */
const WALLS: Readonly<Record<string, { readonly parts: readonly string[]; readonly bare: RegExp }>> = {
  diagnostics: { parts: [], bare: /^$/ },
  sql: { parts: [], bare: /^$/ },
  graph: { parts: ['diagnostics'], bare: /^$/ },
  runtime: { parts: ['diagnostics', 'graph'], bare: /^$/ },
  strategies: { parts: ['graph', 'runtime', 'adapters'], bare: /^$/ },
  observe: { parts: ['diagnostics', 'graph', 'runtime'], bare: /^$/ },
  admin: { parts: ['diagnostics', 'graph', 'runtime'], bare: /^$/ },
  adapters: { parts: ['diagnostics', 'runtime', 'sql'], bare: /^node:/ },
  testing: { parts: ['graph', 'runtime'], bare: /^node:/ },
  scan: { parts: ['diagnostics', 'graph', 'sql'], bare: /^(node:.*|oxc-parser)$/ },
  cli: { parts: ['diagnostics', 'graph', 'scan', 'runtime'], bare: /^node:/ },
  process: { parts: [], bare: /^node:/ },
  codegen: { parts: ['diagnostics', 'graph', 'scan', 'sql'], bare: /^$/ },
  plugin: {
    parts: ['codegen', 'diagnostics', 'graph', 'scan'],
    bare: /^(node:.*|std-env|unplugin|vite|rollup|rolldown|esbuild)$/,
  },
}

/** Public entries: what each exposes. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['plugin'],
  'vite.ts': ['index.ts', 'plugin'],
  'rollup.ts': ['index.ts', 'plugin'],
  'rolldown.ts': ['index.ts', 'plugin'],
  'esbuild.ts': ['index.ts', 'plugin'],
  'runtime.ts': ['graph', 'runtime'],
  'admin.ts': ['admin', 'graph', 'runtime'],
  'graph.ts': ['graph'],
  'config.ts': ['runtime'],
  'errors.ts': ['diagnostics'],
  'reporter.ts': ['observe'],
  'opentelemetry.ts': ['observe'],
  'testing.ts': ['testing'],
  'signals.ts': ['process'],
  'cli.ts': ['cli'],
}

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

function importsOf(file: string): readonly Import[] {
  const { module, program } = parseSync(file, readFileSync(join(source, file), 'utf8'))
  const types = new Set(
    program.body.flatMap((node) =>
      (node.type === 'ImportDeclaration' && node.importKind === 'type') ||
      (node.type === 'ExportNamedDeclaration' && node.exportKind === 'type')
        ? [node.start]
        : [],
    ),
  )
  const found = [
    ...module.staticImports.map(({ start, moduleRequest }) => ({ start, to: moduleRequest.value })),
    ...module.staticExports.flatMap(({ start, entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [{ start, to: moduleRequest.value }] : [])),
    ),
  ]
  return found.map(({ start, to }) => ({
    from: file,
    to: to.startsWith('.') ? relative(source, join(source, dirname(file), to)) : to,
    isType: types.has(start),
  }))
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$/.test(file))
const imports = files.flatMap(importsOf)
const partOf = (file: string): string => file.split('/')[0] ?? ''

it('reads every file', () => {
  expect(files.length).toBeGreaterThan(20)
  expect(imports.length).toBeGreaterThan(40)
})

it('knows every part and every entry', () => {
  const parts = new Set(files.map(partOf))
  expect([...parts].toSorted()).toEqual([...Object.keys(WALLS), ...Object.keys(ENTRIES)].toSorted())
})

function isAllowed({ from, to, isType }: Import): boolean {
  const part = partOf(from)
  const wall = WALLS[part]
  const parts = wall ? [part, ...wall.parts] : (ENTRIES[part] ?? [])
  if (to.endsWith('.ts')) return parts.includes(partOf(to))
  return wall ? wall.bare.test(to) : isType
}

it('no part imports what it must not', () => {
  expect(imports.filter((one) => !isAllowed(one))).toEqual([])
})

it('an adapter is one file that imports no other adapter', () => {
  const isAdapter = /^adapters\/[^/]+\.ts$/
  expect(imports.filter(({ from, to }) => isAdapter.test(to) && from !== to)).toEqual([])
})

it('what watches a run takes no code of the runtime, so that it adds none to a bundle', () => {
  const fromRuntime = imports.filter(({ from, to }) => partOf(from) === 'observe' && partOf(to) === 'runtime')
  expect(fromRuntime.length).toBeGreaterThan(0)
  expect(fromRuntime.filter(({ isType }) => !isType)).toEqual([])
})

it('what runs everywhere uses no global of Node', () => {
  const everywhere = files.filter((file) =>
    ['admin', 'graph', 'runtime', 'sql', 'diagnostics', 'observe'].includes(partOf(file)),
  )
  const withNode = everywhere.filter((file) =>
    /\b(process|Buffer|require|__dirname|setImmediate)\b\s*[.([]/.test(readFileSync(join(source, file), 'utf8')),
  )
  expect(withNode).toEqual([])
})

it('no file is over 300 lines', () => {
  const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 301)
  expect(long).toEqual([])
})
