import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migration, pkg, prefixed, tree, write } from '../scan/tree.ts'
import { type Install, runIn } from './package-managers.ts'

/** `billing` brings `accounts`, and `clock` that is its peer. `native` is for another system. */
const PACKAGES: Readonly<Record<string, object>> = {
  '@acme/accounts': { peerDependencies: { '@acme/clock': '*' } },
  '@acme/billing': {
    dependencies: { '@acme/accounts': '1.0.0', '@acme/clock': '1.0.0' },
    optionalDependencies: { '@acme/native': '1.0.0' },
  },
  '@acme/clock': {},
  '@acme/native': { os: ['aix'], migrations: undefined },
}

/** Packs packages that bring migrations. @returns absolute paths of the tarballs by name */
export async function packPackages(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = Object.keys(PACKAGES)
  for (const [name, fields] of Object.entries(PACKAGES)) write(folder, prefixed(`${name}/`, packageFiles(name, fields)))
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  await runIn(folder, ['npm', 'pack', '--offline', '--pack-destination', tarballs, ...names.map((name) => `./${name}`)])
  const files = readdirSync(tarballs)
  return Object.fromEntries(
    names.map((name) => {
      const file = files.find((each) => each.startsWith(name.replace('@', '').replace('/', '-')))
      if (file === undefined) throw new Error(`${name} was not packed`)
      return [name, join(tarballs, file)]
    }),
  )
}

function packageFiles(name: string, fields: object): Parameters<typeof write>[1] {
  return {
    'package.json': pkg(name, { migrations: 'migrations', ...fields }),
    'migrations/0001_init.js': migration(),
    'migrations/0002_more.js': migration(`export const dependsOn = []`),
  }
}

/** An application that has `billing` and, through it, the others. @returns its root */
export async function installApp(way: Install, tarballs: Readonly<Record<string, string>>): Promise<string> {
  const folder = tree({})
  const root = join(folder, 'app')
  const versions = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]))
  write(root, {
    ...way.settings,
    'package.json': pkg('app', {
      private: true,
      dependencies: { '@acme/billing': versions['@acme/billing'] },
      ...way.overrides(versions),
    }),
    'migrations/1_first.js': migration(),
    'scan.mjs': SCAN,
  })
  await runIn(root, way.install)
  return root
}

const scanFile = pathToFileURL(join(import.meta.dirname, '../../dist/scan/scan.js')).href

/** As a build a minute later does. */
const SCAN = `
import { readFileSync } from 'node:fs'
import { scan } from ${JSON.stringify(scanFile)}
const now = Date.now
Date.now = () => now() + 60_000
const { migrations, packages, diagnostics } = await scan({ root: process.cwd() })
const linked = packages.filter(({ linked }) => linked).map(({ name }) => name)
const read = migrations.map(({ files: [{ file }] }) => readFileSync(file, 'utf8').length > 0)
process.stdout.write(JSON.stringify({ ids: migrations.map(({ id }) => id), hashes: migrations.map(({ hash }) => hash), linked, read, diagnostics }))
`

export interface Scanned {
  readonly ids: readonly string[]
  readonly hashes: readonly string[]
  readonly linked: readonly string[]
  readonly read: readonly boolean[]
  readonly diagnostics: readonly unknown[]
}

/** Scans in a process of its own, which package managers may change. */
export async function scanApp(root: string, way: Install): Promise<Scanned> {
  return JSON.parse(await runIn(root, [...(way.run ?? [process.execPath]), 'scan.mjs'])) as Scanned
}
