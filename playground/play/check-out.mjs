import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const playground = fileURLToPath(new URL('..', import.meta.url))
const repository = dirname(playground.replace(/[\\/]$/, ''))

/**
 * Lays out the site and its packages in `folder` as they were at an earlier release: the same files, without the
 * migrations that came later.
 * @param {string} folder Must not exist.
 */
export async function checkOutOlderRelease(folder) {
  /** @type {Record<string, { readonly version: string, readonly migrations: readonly string[] }>} */
  const releases = JSON.parse(await readFile(join(playground, 'older-release/releases.json'), 'utf8'))
  for (const [name, release] of Object.entries(releases)) {
    const [from, to] =
      name === 'travel'
        ? [join(playground, 'travel'), folder]
        : [join(playground, 'packages', basename(name)), join(folder, 'node_modules', name)]
    await copyPackage(from, to, release)
  }
  await cp(join(playground, 'older-release/server.ts'), join(folder, 'src/server.ts'))
  // What an install would fetch.
  await symlink(repository, join(folder, 'node_modules/unplugin-migrations'), 'junction')
  for (const name of ['better-sqlite3', 'vite']) {
    await symlink(join(repository, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
}

/**
 * @param {string} from
 * @param {string} to
 * @param {{ readonly version: string, readonly migrations: readonly string[] }} release
 */
async function copyPackage(from, to, release) {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) {
    if (NOT_SOURCE.has(name)) continue
    await cp(join(from, name), join(to, name), {
      recursive: true,
      filter: (source) => basename(dirname(source)) !== 'migrations' || wasReleased(basename(source), release),
    })
  }
  const manifest = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'))
  await writeFile(join(to, 'package.json'), JSON.stringify({ ...manifest, version: release.version }, null, 2))
}

const NOT_SOURCE = new Set(['dist', 'data', '.play', 'node_modules'])

/**
 * @param {string} file
 * @param {{ readonly migrations: readonly string[] }} release
 */
function wasReleased(file, { migrations }) {
  return migrations.some((name) => file.startsWith(`${name}.`))
}
