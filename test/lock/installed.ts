import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Content, pkg, tree } from '../scan/tree.ts'

type Files = Readonly<Record<string, Content>>

/** Installs a package, packed as a registry would have it, into an application. */
export function install(application: string, name: string, version: string, files: Files, fields: object = {}): void {
  const folder = packageFolder(name, version, files, fields)
  const [packed] = JSON.parse(npm(folder, 'pack', '--json')) as readonly [{ readonly filename: string }]
  npm(application, 'install', join(folder, packed.filename))
}

/** As `npm link` does. */
export function link(application: string, name: string, version: string, files: Files): void {
  npm(application, 'install', '--no-save', packageFolder(name, version, files, {}))
}

function packageFolder(name: string, version: string, files: Files, fields: object): string {
  return tree({
    'package.json': pkg(name, { version, migrations: 'migrations', ...fields }),
    ...Object.fromEntries(Object.entries(files).map(([file, content]) => [`migrations/${file}`, content])),
  })
}

function npm(cwd: string, ...words: readonly string[]): string {
  return execFileSync('npm', [...words, '--offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
