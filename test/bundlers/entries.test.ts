import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const evaluate = (flags: readonly string[], text: string): string =>
  execFileSync(process.execPath, [...flags, '-e', text], { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim()

it.each(['vite', 'rollup', 'rolldown', 'esbuild'])(
  'unplugin-migrations/%s is the plugin, imported or required',
  (entry) => {
    const imported = `import plugin from 'unplugin-migrations/${entry}'; console.log(plugin().name)`
    expect(evaluate(['--input-type=module'], imported)).toBe('unplugin-migrations')
    expect(evaluate([], `console.log(require('unplugin-migrations/${entry}')().name)`)).toBe('unplugin-migrations')
  },
)

it('unplugin-migrations has every host', () => {
  const text = `import unplugin from 'unplugin-migrations'
console.log(...['vite', 'rollup', 'rolldown', 'esbuild'].map((host) => unplugin[host]().name))`
  expect(evaluate(['--input-type=module'], text)).toBe(Array(4).fill('unplugin-migrations').join(' '))
})
