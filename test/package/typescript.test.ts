import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typesFile } from '../../src/codegen/types-file.ts'
import { bundlers, entries, installedVersion, repository } from './entries.ts'
import { installFor } from './install.ts'

/** The first one that reads names in quotes in `export`, which `require` needs in the entries of bundlers. */
const OLDEST_TYPESCRIPT = '5.6.3'

const user = installFor('typescript', [
  ...[...bundlers, '@types/node'].map((name) => `${name}@${installedVersion(name)}`),
  `typescript@${OLDEST_TYPESCRIPT}`,
])
afterAll(() => rmSync(join(user.folder, '..'), { recursive: true, force: true }))

beforeAll(() => {
  // The types of unplugin ask for more than one can have: a project of its own imports that entry.
  const imports = entries
    .filter(({ name }) => name !== 'index')
    .map(({ specifier, code }, index) =>
      code ? `export * as entry${index} from '${specifier}'` : `/// <reference types="${specifier}" />`,
    )
  writeFileSync(join(user.folder, 'entries.ts'), `${imports.toSorted().join('\n')}\n`)
  user.node('node_modules/vite/bin/vite.js', 'build')
})

/** What a compiler says, without the lines that go on. */
function errorsOf(compiler: string, project: string): readonly string[] {
  try {
    user.node(compiler, '-p', project)
    return []
  } catch (error) {
    const { stdout } = error as { readonly stdout: string }
    return stdout.split('\n').filter((line) => /^\S/.test(line))
  }
}

describe('a user of TypeScript', () => {
  it('has the types of the manifest after a build', () => {
    expect(readFileSync(join(user.folder, 'migrations-env.d.ts'), 'utf8')).toBe(
      typesFile(['shop:0001_settings', 'shop:0002_notes']),
    )
  })

  it('runs what was built', () => {
    const ids = ['shop:0001_settings', 'shop:0002_notes']
    const first = JSON.parse(user.node('out/server.js'))
    expect(first).toMatchObject({ outcome: 'migrated', planned: 2, ids, states: ['applied', 'applied'] })
    expect(first.events).toContain('log')
    expect(JSON.parse(user.node('out/server.js'))).toMatchObject({ outcome: 'current', planned: 0, ids: [] })
  })

  it('is offered the known ids by an editor', () => {
    const offered: unknown = JSON.parse(user.node('complete.mjs'))
    expect(offered).toEqual(['shop:0001_settings', 'shop:0002_notes'])
  })

  describe.each([
    ['as here', join(repository, 'node_modules/typescript/bin/tsc')],
    [OLDEST_TYPESCRIPT, 'node_modules/typescript/bin/tsc'],
  ])('with TypeScript %s', (_, compiler) => {
    it.each([
      ['for bundlers', 'tsconfig.json'],
      ['for Node', 'tsconfig.nodenext.json'],
      ['of the entry for every bundler', 'tsconfig.every-bundler.json'],
    ])('has right types %s, and wrong use is an error', (_name, project) => {
      expect(errorsOf(compiler, project)).toEqual([])
    })

    it('has an error for a wrong line', () => {
      writeFileSync(
        join(user.folder, 'one-wrong.ts'),
        "import { migrate } from 'unplugin-migrations/runtime'\nmigrate()\n",
      )
      const project = { extends: './tsconfig.json', files: ['one-wrong.ts'] }
      writeFileSync(join(user.folder, 'tsconfig.one-wrong.json'), JSON.stringify(project))
      expect(errorsOf(compiler, 'tsconfig.one-wrong.json')).toEqual([expect.stringMatching(/^one-wrong\.ts.* TS2554:/)])
    })
  })
})
