import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { APP, appPackageJson, type Files, PACKAGES, withCrlf, write } from './fixture.ts'

const execute = promisify(execFile)
const pnpm = join(import.meta.dirname, '../../node_modules/pnpm/bin/pnpm.cjs')

/** Packs the packages of the fixture. @returns absolute paths of the tarballs by name */
export async function pack(folder: string, edit: (files: Files) => Files = (files) => files): Promise<Files> {
  const sources = Object.entries(PACKAGES).map(([name, files]) => {
    write(join(folder, name), edit(files))
    return join(folder, name)
  })
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  await execute('npm', ['pack', '--offline', '--pack-destination', tarballs, ...sources])
  const named = sources.map(
    (source) => JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string },
  )
  const files = readdirSync(tarballs)
  return Object.fromEntries(
    named.map(({ name }) => {
      const prefix = name.replace('@', '').replace('/', '-')
      return [name, join(tarballs, files.find((file) => file.startsWith(prefix)) ?? '')]
    }),
  )
}

/** How an application comes by its packages. Each is a real install from the same tarballs, without a registry. */
export const INSTALLS: Readonly<Record<string, (app: string, tarballs: Files) => Promise<void>>> = {
  async npm(app, tarballs) {
    write(
      app,
      packageJson(tarballs, (overrides) => ({ overrides })),
    )
    await execute('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: app })
  },
  async pnpm(app, tarballs) {
    write(
      app,
      packageJson(tarballs, (overrides) => ({ pnpm: { overrides } })),
    )
    const store = join(app, '../store')
    const args = [pnpm, 'install', '--offline', '--ignore-workspace', '--store-dir', store]
    await execute(process.execPath, args, { cwd: app, env: { ...process.env, CI: 'true' } })
  },
}

/** `@acme/compiled` is a dependency of a dependency: where it comes from is the application's to say. */
function packageJson(tarballs: Files, settings: (overrides: Files) => object): Files {
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]))
  const { '@acme/compiled': compiled = '', ...direct } = files
  return appPackageJson(direct, settings({ '@acme/compiled': compiled }))
}

/** Writes the application and installs its packages. */
export async function checkOut(
  app: string,
  install: (app: string, tarballs: Files) => Promise<void>,
  tarballs: Files,
  lineEnd: 'LF' | 'CRLF',
): Promise<void> {
  write(app, lineEnd === 'LF' ? APP : withCrlf(APP))
  await install(app, tarballs)
}
