import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bundlers, entries, packageJson, repository } from './entries.ts'
import { installFor } from './install.ts'

const withCode = entries.filter(({ code }) => code)
const ofBundlers = entries.filter(({ name }) => bundlers.includes(name))

describe('a user without a bundler', () => {
  const user = installFor('empty', [])
  afterAll(() => rmSync(join(user.folder, '..'), { recursive: true, force: true }))

  it('has installed no bundler, no driver and no types', () => {
    const installed = readdirSync(join(user.folder, 'node_modules'))
    const wanted = Object.keys(packageJson.dependencies)
    expect(installed).toEqual(expect.arrayContaining(['unplugin-migrations', ...wanted]))
    const others = [...bundlers, ...Object.keys(packageJson.devDependencies)]
    expect(installed.filter((name) => others.includes(name))).toEqual([])
  })

  it.each(withCode)('can import $specifier', ({ specifier }) => {
    const text = `import * as entry from '${specifier}'; console.log(Object.keys(entry).length)`
    expect(Number(user.node('--input-type=module', '-e', text))).toBeGreaterThan(0)
  })

  it.each(ofBundlers)('can require $specifier, which is the plugin', ({ specifier }) => {
    expect(user.node('-e', `console.log(require('${specifier}')().name)`).trim()).toBe('unplugin-migrations')
  })

  it('can import nothing else', () => {
    const code = readdirSync(join(repository, 'dist'), { recursive: true, encoding: 'utf8' })
    const inside = code.filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -'.js'.length))
    const paths = inside.flatMap((path) => [path, `${path}.js`, `dist/${path}.js`])
    const specifiers = paths.map((path) => `unplugin-migrations/${path}`)
    const closed = specifiers.filter((specifier) => !entries.some((entry) => entry.specifier === specifier))
    expect(closed.length).toBeGreaterThan(500)
    const text = `
      import { existsSync } from 'node:fs'
      const open = ${JSON.stringify(closed)}.filter((specifier) => {
        try {
          return existsSync(new URL(import.meta.resolve(specifier)))
        } catch (error) {
          if (error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
        }
      })
      console.log(JSON.stringify(open))`
    const open: unknown = JSON.parse(user.node('--input-type=module', '-e', text))
    expect(open, 'close the folder in `exports` of package.json: "./adapters/<folder>/*": null').toEqual([])
  })
})

/** The first version of a range. The rest of the tests use the one that is locked here. */
function oldest(name: string): string {
  const [, version = ''] = /^(?:\^|>=)(\d+\.\d+\.\d+)/.exec(packageJson.peerDependencies[name] ?? '') ?? []
  expect(version).not.toBe('')
  return version
}

describe.each(ofBundlers)('a user of $specifier with the oldest version of the bundler', ({ name }) => {
  const user = installFor('javascript', [`${name}@${oldest(name)}`])
  afterAll(() => rmSync(join(user.folder, '..'), { recursive: true, force: true }))

  it('builds what runs once', () => {
    const { version } = JSON.parse(readFileSync(join(user.folder, 'node_modules', name, 'package.json'), 'utf8'))
    expect(version).toBe(oldest(name))

    user.node(`build-with/${name}.mjs`)
    expect(JSON.parse(user.node('out/server.js'))).toEqual({ outcome: 'migrated', applied: ['shop:0001_settings'] })
    expect(JSON.parse(readFileSync(join(user.folder, 'data/settings.json'), 'utf8'))).toEqual({ currency: 'EUR' })
    expect(readFileSync(join(user.folder, 'data/notes/welcome.txt'), 'utf8')).toBe('Welcome\n')
    expect(JSON.parse(user.node('out/server.js'))).toEqual({ outcome: 'current', applied: [] })

    const manifest = JSON.parse(readFileSync(join(user.folder, 'out/migrations.manifest.json'), 'utf8'))
    expect(manifest.migrations).toMatchObject([{ id: 'shop:0001_settings' }])
    expect(existsSync(join(user.folder, 'migrations-env.d.ts'))).toBe(false)
  })
})
