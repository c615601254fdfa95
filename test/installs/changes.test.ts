import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migration, pkg, tree, write } from '../scan/tree.ts'
import { installApp, scanApp, type Scanned } from './fixture.ts'
import { INSTALLS, type Install, isHere, runIn } from './package-managers.ts'
import { tarballsOnce } from './tarballs.ts'

const tarballs = tarballsOnce()
const [npm] = INSTALLS
const onDisk = INSTALLS.filter((way) => isHere(way) && ['npm', 'pnpm', 'bun, isolated'].includes(way.name))

function hashOf({ ids, hashes }: Scanned, id: string): string | undefined {
  return hashes[ids.indexOf(id)]
}

const PATCH_PACKAGE = [process.execPath, join(import.meta.dirname, '../../node_modules/patch-package/index.js')]

/** As `git diff` writes it, of all lines at once. Both texts end with a line break. */
function patchOf(file: string, before: string, after: string): string {
  const [removed = [], added = []] = [before, after].map((text) => text.split('\n').slice(0, -1))
  return [
    `diff --git a/${file} b/${file}`,
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -1,${removed.length} +1,${added.length} @@`,
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    '',
  ].join('\n')
}

/** An application that was scanned before, so that there is something that could be out of date. */
async function scannedApp(way: Install): Promise<string> {
  const root = await installApp(way, await tarballs())
  await scanApp(root, way)
  return root
}

describe('after another scan', () => {
  it.each(onDisk)('a patch of what $name installed is seen, with its size and time as they were', async (way) => {
    const root = await scannedApp(way)
    const before = await scanApp(root, way)
    const file = join(root, 'node_modules/@acme/billing/migrations/0001_init.js')
    const { atime, mtime } = statSync(file)
    const text = readFileSync(file, 'utf8').replace('{ db }', '{ bd }')
    // As tools that patch do: package managers may share the file with others.
    rmSync(file)
    writeFileSync(file, text)
    utimesSync(file, atime, mtime)
    const after = await scanApp(root, way)
    expect(after.ids).toEqual(before.ids)
    expect(hashOf(after, '@acme/billing:0001_init')).not.toBe(hashOf(before, '@acme/billing:0001_init'))
    expect(hashOf(after, '@acme/billing:0002_more')).toBe(hashOf(before, '@acme/billing:0002_more'))
  })

  it('what patch-package does is seen, and so is an install that undoes it', async () => {
    if (!npm) throw new Error('npm is no way to install')
    const root = await scannedApp(npm)
    const before = await scanApp(root, npm)
    const file = 'node_modules/@acme/billing/migrations/0001_init.js'
    const text = readFileSync(join(root, file), 'utf8')
    const patch = patchOf(file, text, text.replace('{ db }', '{ bd }'))
    write(root, { 'patches/@acme+billing+1.0.0.patch': patch })
    await runIn(root, PATCH_PACKAGE)
    const after = await scanApp(root, npm)
    expect(after.ids).toEqual(before.ids)
    expect(hashOf(after, '@acme/billing:0001_init')).not.toBe(hashOf(before, '@acme/billing:0001_init'))
    await runIn(root, ['npm', 'ci', '--offline', '--no-audit', '--no-fund'])
    expect(await scanApp(root, npm)).toEqual(before)
    await runIn(root, PATCH_PACKAGE)
    expect(await scanApp(root, npm)).toEqual(after)
  })

  it('a package that npm links is seen, with what changes in it, and so is its end', async () => {
    if (!npm) throw new Error('npm is no way to install')
    const { '@acme/clock': clock = '' } = await tarballs()
    const root = await installApp({ ...npm, overrides: () => ({}) }, { '@acme/billing': clock })
    const before = await scanApp(root, npm)
    expect(before.ids).toEqual(['@acme/clock:0001_init', '@acme/clock:0002_more', 'app:1_first'])
    const library = tree({
      'package.json': pkg('@acme/billing', { version: '1.0.1', migrations: { path: 'dist', source: 'migrations' } }),
      'migrations/one.js': migration(),
    })
    const prefix = { npm_config_prefix: tree({ 'lib/node_modules/.keep': '' }) }
    await runIn(library, ['npm', 'link', '--offline'], prefix)
    await runIn(root, ['npm', 'link', '--offline', '@acme/billing'], prefix)
    const linked = await scanApp(root, npm)
    expect(linked.linked).toEqual(['app', '@acme/billing'])
    expect(linked.ids).toEqual(['@acme/billing:one', 'app:1_first'])
    write(library, { 'migrations/two.js': migration() })
    expect((await scanApp(root, npm)).ids).toEqual(['@acme/billing:one', '@acme/billing:two', 'app:1_first'])
    await runIn(root, ['npm', 'ci', '--offline', '--no-audit', '--no-fund'])
    expect(await scanApp(root, npm)).toEqual(before)
  })

  it('a package that npm removes is gone', async () => {
    if (!npm) throw new Error('npm is no way to install')
    const root = await scannedApp(npm)
    write(root, { 'package.json': pkg('app', { private: true }) })
    await runIn(root, npm.install)
    expect((await scanApp(root, npm)).ids).toEqual(['app:1_first'])
  })
})
