import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { app, write } from '../scan/tree.ts'
import { goldenFiles } from './golden.ts'
import { hashesIn } from './golden-hashes.ts'

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc')

const TYPED = /(?<!\.d)\.m?ts$/

/** Fixtures whose syntax is of ES2022 at the latest: what is newer would be written in another way. */
function files(target: 'ES2022' | 'ESNext'): Readonly<Record<string, string>> {
  const all = Object.entries(goldenFiles())
  return Object.fromEntries(target === 'ESNext' ? all : all.filter(([name]) => !name.startsWith('newer/')))
}

describe('tsc', () => {
  it.each([
    { target: 'ES2022', verbatimModuleSyntax: false },
    { target: 'ESNext', verbatimModuleSyntax: false },
    { target: 'ESNext', verbatimModuleSyntax: true },
  ] as const)('leaves every hash alone with %j', async ({ target, verbatimModuleSyntax }) => {
    const sources = files(target)
    const typed = Object.keys(sources).filter((name) => TYPED.test(name))
    const root = app(sources)
    const compilerOptions = {
      target,
      module: 'ESNext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax,
      rootDir: 'migrations',
      outDir: 'out',
      noCheck: true,
      types: [],
    }
    write(root, { 'tsconfig.json': { json: { compilerOptions, files: typed.map((name) => `migrations/${name}`) } } })
    const before = await hashesIn(root)
    execFileSync(TSC, ['-p', '.'], { cwd: root })
    const untouched = Object.entries(sources).filter(([name]) => !TYPED.test(name))
    write(root, Object.fromEntries(untouched.map(([name, text]) => [`out/${name}`, text])))
    expect(readFileSync(join(root, 'out', 'syntax/type_erasure.js'), 'utf8')).not.toContain('interface')
    expect(Object.fromEntries(await hashesIn(root, 'out'))).toEqual(Object.fromEntries(before))
  })
})
