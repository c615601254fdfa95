import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Diagnostic, Source } from '../../src/diagnostics/diagnostic.ts'
import type { ScanOptions } from '../../src/scan/options.ts'
import type { ScanResult } from '../../src/scan/result.ts'
import { scan } from '../../src/scan/scan.ts'

/** Text, bytes, JSON, or a link to another path of the tree (relative to the tree's root) or to an absolute path. */
export type Content = string | Uint8Array | { readonly json: unknown } | { readonly link: string }

/** Writes files below a new temporary folder, which is removed when the test ends. Returns its real path. */
export function tree(files: Readonly<Record<string, Content>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'scan-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  write(root, files)
  return root
}

export function write(root: string, files: Readonly<Record<string, Content>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content)
    else if ('json' in content) writeFileSync(file, JSON.stringify(content.json, null, 2))
    else symlinkSync(content.link.startsWith('/') ? content.link : join(root, content.link), file)
  }
}

/** A package.json. */
export function pkg(name: string, fields: object = {}): Content {
  return { json: { name, version: '1.0.0', type: 'module', ...fields } }
}

/** A migration that is as short as it can be, with further exports. */
export function migration(more = ''): string {
  return `export const uses = { db: 'sql' }\nexport async function up({ db }) {}\n${more}\n`
}

/** A migration with these steps, from column 23 of its third line, and further exports. */
export function stepped(steps: string, more = ''): string {
  return `export const uses = { db: 'sql' }\n\nexport const steps = [${steps}]\n${more}\n`
}

/** An application whose own folder holds these files. */
export function app(files: Readonly<Record<string, Content>>): string {
  return tree({ 'package.json': pkg('app'), ...prefixed('migrations/', files) })
}

export function prefixed(prefix: string, files: Readonly<Record<string, Content>>): Readonly<Record<string, Content>> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [prefix + path, content]))
}

/** Scans, and expects that nothing is wrong. */
export async function scanned(root: string, options: Partial<ScanOptions> = {}): Promise<ScanResult> {
  const result = await scan({ root, ...options })
  expect(result.diagnostics).toEqual([])
  return result
}

export async function ids(root: string, options: Partial<ScanOptions> = {}): Promise<readonly string[]> {
  return (await scanned(root, options)).migrations.map(({ id }) => id)
}

/** The only problem of a tree. */
export async function problem(root: string, options: Partial<ScanOptions> = {}): Promise<Diagnostic> {
  const { diagnostics, migrations } = await scan({ root, ...options })
  const [only, ...others] = diagnostics
  expect(others).toEqual([])
  if (!only) throw new Error('Nothing was reported.')
  if (only.severity === 'error') expect(migrations).toEqual([])
  return only
}

/** The text that a source points at, up to the end of its line. Its frame must point at the same. */
export function pointed(source: Source | undefined): string {
  if (!source) throw new Error('There is no source.')
  const text = readFileSync(source.file, 'utf8').replace(/^\uFEFF/, '')
  const line = text.split(/\r\n|\n/)[source.line - 1] ?? ''
  if (source.frame !== undefined) {
    const lines = source.frame.split('\n')
    const caret = lines.findIndex((each) => /^[ |\t]*\^$/.test(each))
    const shown = lines[caret - 1] ?? ''
    expect(shown).toMatch(new RegExp(`^> +${source.line} \\|`))
    const [char = ''] = line.slice(source.column - 1)
    expect(shown.charAt(lines[caret]?.indexOf('^') ?? -1)).toBe(char)
  }
  return line.slice(source.column - 1)
}
