import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const playground = fileURLToPath(new URL('..', import.meta.url))
const repository = dirname(playground.replace(/[\\/]$/, ''))

/**
 * What `releases.json` says of a package: its version, and which of today's migrations it had. Default: all of them.
 * @typedef {{ readonly version: string, readonly migrations?: readonly string[] }} Release
 */

/**
 * Lays out the site and its packages in `folder` as they are at another release: today's files, without the migrations
 * that the release does not have, and with the files that the release's own folder holds in place of today's.
 * @param {'older-release' | 'newer-release'} name
 * @param {string} folder Must not exist.
 */
export async function checkOut(name, folder) {
  const own = join(playground, name)
  /** @type {ReadonlyMap<string, Release>} */
  const releases = new Map(Object.entries(JSON.parse(await readFile(join(own, 'releases.json'), 'utf8'))))
  await copyPackage(join(playground, 'travel'), folder, releases.get('travel'), join(own, 'travel'))
  for (const directory of await readdir(join(playground, 'packages'))) {
    const [from, to] = [join(playground, 'packages', directory), join(folder, 'node_modules/@acme', directory)]
    await copyPackage(from, to, releases.get(`@acme/${directory}`), join(own, 'packages', directory))
  }
  // What an install would fetch.
  await symlink(repository, join(folder, 'node_modules/unplugin-migrations'), 'junction')
  for (const driver of ['better-sqlite3', 'pg', 'ioredis', 'vite', 'hono', '@hono']) {
    await symlink(join(repository, 'node_modules', driver), join(folder, 'node_modules', driver), 'junction')
  }
}

/**
 * @param {string} from
 * @param {string} to
 * @param {Release | undefined} release
 * @param {string} own The release's own files, in the places that they take; may not exist.
 */
async function copyPackage(from, to, release, own) {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) {
    if (NOT_SOURCE.has(name)) continue
    await cp(join(from, name), join(to, name), {
      recursive: true,
      filter: (source) => basename(dirname(source)) !== 'migrations' || wasReleased(basename(source), release),
    })
  }
  if (existsSync(own)) await cp(own, to, { recursive: true })
  if (release === undefined) return
  const manifest = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'))
  await writeFile(join(to, 'package.json'), JSON.stringify({ ...manifest, version: release.version }, null, 2))
}

/** The lock file is that of today. */
const NOT_SOURCE = new Set(['dist', 'data', '.play', 'node_modules', 'migrations.lock'])

/**
 * @param {string} file
 * @param {Release | undefined} release
 */
function wasReleased(file, release) {
  return release?.migrations?.some((name) => file.startsWith(`${name}.`)) ?? true
}
