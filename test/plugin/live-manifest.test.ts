import { expect, it } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { LiveManifest, type Update } from '../../src/plugin/live-manifest.ts'
import type { ScanResult } from '../../src/scan/result.ts'
import { scanned } from '../codegen/scanned.ts'

/** Id → hash, in the order of work; a file is `/<package>/migrations/<name>.ts`. Or what is wrong. */
type Disk = Readonly<Record<string, string>> | 'broken'

function scanOf(disk: Disk): ScanResult {
  const broken: Diagnostic = { code: 'MIG_B0301', severity: 'error', message: 'broken', fix: 'mend', sources: [] }
  const migrations = Object.entries(disk === 'broken' ? {} : disk).map(([id, hash]) =>
    scanned({ id, hash, files: [{ file: `/${id.replace(':', '/migrations/')}.ts` }] }),
  )
  const packages = ['app', 'other'].map((name) => ({
    name,
    installedAs: name,
    dependencies: [],
    optional: [],
    version: '1.0.0',
    root: `/${name}`,
    chain: [],
    folder: `/${name}/migrations`,
    linked: true,
  }))
  return {
    app: { name: 'app', root: '/app' },
    packages,
    installed: [],
    migrations,
    edges: migrations.map(() => ({ parents: [], after: [], replaces: [] })),
    retired: [],
    diagnostics: disk === 'broken' ? [broken] : [],
    ignored: [],
    watch: { files: ['/app/package.json'], folders: packages.map(({ folder }) => folder) },
  }
}

class Bench {
  disk: Disk
  readonly told: Update[] = []
  readonly live: LiveManifest
  #event = 0

  constructor(disk: Disk) {
    this.disk = disk
    this.live = new LiveManifest(
      async () => scanOf(this.disk),
      (update) => this.told.push(update),
    )
  }

  async held(): Promise<readonly string[]> {
    const { data } = await this.live.current()
    return data.migrations.filter(({ held }) => held).map(({ id }) => id)
  }

  change(disk: Disk, file: string): Promise<void> {
    this.disk = disk
    return this.live.changed(file, ++this.#event)
  }
}

it('is not answered before what is known to have changed is held', async () => {
  const bench = new Bench({ 'app:1': 'a' })
  expect(await bench.held()).toEqual([])
  void bench.change({ 'app:1': 'edited' }, '/app/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:1'])
})

it('stays the same object where nothing changed that it holds', async () => {
  const bench = new Bench({ 'app:1': 'a' })
  const before = await bench.live.current()
  await bench.change({ 'app:1': 'a' }, '/app/migrations/1.ts')
  expect(await bench.live.current()).toBe(before)
  await bench.change({ 'app:1': 'b' }, '/app/migrations/1.ts')
  expect(await bench.live.current()).not.toBe(before)
})

it('releases what is again as it was at the start', async () => {
  const bench = new Bench({ 'app:1': 'a' })
  await bench.live.current()
  await bench.change({ 'app:1': 'b', 'app:2': 'c' }, '/app/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:1', 'app:2'])
  await bench.change({ 'app:1': 'a', 'app:2': 'c' }, '/app/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:2'])
})

it('keeps the last good one while something is broken, and holds what was touched since, and the package around it', async () => {
  const start = { 'app:1': 'a', 'app:2': 'b', 'other:1': 'c' }
  const bench = new Bench(start)
  const { data } = await bench.live.current()
  await bench.change('broken', '/app/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:1', 'app:2'])
  const { data: kept } = await bench.live.current()
  expect(kept.migrations.map(({ id, hash }) => [id, hash])).toEqual(Object.entries(start))
  expect(kept.migrations[2]).toEqual(data.migrations[2])
  await bench.change('broken', '/other/migrations/1.ts')
  expect(await bench.held()).toEqual(Object.keys(start))
  await bench.change({ ...start, 'app:2': 'edited' }, '/app/migrations/2.ts')
  expect(await bench.held()).toEqual(['app:2'])
  await bench.change('broken', '/other/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:2', 'other:1'])
})

it('holds everything while something is broken and what was touched may have brought packages', async () => {
  const bench = new Bench({ 'app:1': 'a', 'other:1': 'c' })
  await bench.change('broken', '/app/package.json')
  expect(await bench.held()).toEqual(['app:1', 'other:1'])
})

it('tells of failure and recovery', async () => {
  const bench = new Bench({ 'app:1': 'a' })
  await bench.change('broken', '/app/migrations/1.ts')
  await bench.change({ 'app:1': 'a' }, '/app/migrations/1.ts')
  expect(bench.told).toMatchObject([
    { failure: { diagnostics: [{ code: 'MIG_B0301' }] }, recovered: false },
    { recovered: true, edited: [] },
  ])
})

it('that starts broken holds what was touched since, and the package around it', async () => {
  const bench = new Bench('broken')
  await expect(bench.live.current()).rejects.toMatchObject({ diagnostics: [{ code: 'MIG_B0301' }] })
  const mended = { 'app:1': 'a', 'app:2': 'b', 'other:1': 'c' }
  await bench.change(mended, '/app/migrations/1.ts')
  expect(await bench.held()).toEqual(['app:1', 'app:2'])
})

it('that starts broken holds everything when what was touched may have brought packages', async () => {
  const bench = new Bench('broken')
  await expect(bench.live.current()).rejects.toThrow('broken')
  await bench.change({ 'app:1': 'a', 'other:1': 'c' }, '/app/package.json')
  expect(await bench.held()).toEqual(['app:1', 'other:1'])
})

it('knows what to watch, also while it is broken', async () => {
  const { live } = new Bench('broken')
  expect(await live.isWatched('/app/migrations/deep/1.ts')).toBe(true)
  expect(await live.isWatched('/app/package.json')).toBe(true)
  expect(await live.isWatched('/app/migrations-old/1.ts')).toBe(false)
})
