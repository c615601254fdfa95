import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { manifestData, type ScannedOrder } from '../../src/codegen/manifest-data.ts'
import { manifestJson } from '../../src/codegen/manifest-json.ts'
import { sqlModule } from '../../src/codegen/sql-module.ts'
import { type Loading, virtualModule } from '../../src/codegen/virtual-module.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { scanned } from './scanned.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codegen-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const loadedModules = globalThis as unknown as { loaded: string[] }
loadedModules.loaded = []

/** Paths that a text must quote. */
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, `${text}\n`)
  return path
}

const effect = (name: string): string => `globalThis.loaded.push(${JSON.stringify(name)})\n`
const first = file(`it's "first".mjs`, `${effect('first')}export const up = () => 'first'`)
const second = file('second.cjs', `${effect('second')}exports.up = () => 'second'`)

const order: ScannedOrder = {
  migrations: [
    scanned({ id: '@acme/a:0001_first', hash: 'h0:aa', files: [{ file: first }], has: ['up', 'irreversible'] }),
    scanned({ id: 'b:0001', hash: 'h0:bb', moduleFormat: 'cjs', files: [{ file: second }], formerly: ['old:0001'] }),
    scanned({
      id: 'b:0002',
      hash: 'h0:cc',
      format: 'sql',
      files: [
        { file: '/x/0002.postgres.sql', dialect: 'postgres' },
        { file: '/x/0002.sqlite.sql', dialect: 'sqlite', down: '/x/0002.down.sql' },
      ],
    }),
  ],
  edges: [
    { parents: [], after: [], replaces: [] },
    { parents: [0], after: [], replaces: [] },
    { parents: [], after: [1], replaces: [] },
  ],
}
const data = manifestData(order, 'd1', new Set(['b:0001']))

const SQUASHES = '/package/squashes.js'

let count = 0
async function run(loading: Loading): Promise<Manifest> {
  // `.sql` needs a bundler: here a module in its place.
  const text = virtualModule(data, order, loading, SQUASHES).replaceAll(
    /\/x\/0002\.(\w+)\.sql\?migration/g,
    (_, dialect) => file(`${dialect}.mjs`, effect(dialect) + sqlModule(`create ${dialect}`)),
  )
  // Node keeps modules by their URL.
  const fresh = text.replaceAll('.mjs"', `.mjs?${count}"`)
  loadedModules.loaded = []
  const module: { default: Manifest } = await import(pathToFileURL(file(`manifest${count++}.mjs`, fresh)).href)
  return module.default
}

describe('the virtual module', () => {
  it('is the manifest, with everything that a plan decides on', async () => {
    const manifest = await run('lazy')
    expect(JSON.parse(JSON.stringify(manifest))).toEqual({
      v: 1,
      digest: 'd1',
      development: true,
      retired: [],
      migrations: [
        expect.objectContaining({
          id: '@acme/a:0001_first',
          hash: 'h0:aa',
          format: 'module',
          variants: [],
          parents: [],
        }),
        expect.objectContaining({ id: 'b:0001', parents: [0], held: true, formerly: ['old:0001'] }),
        expect.objectContaining({ id: 'b:0002', format: 'sql', variants: ['postgres', 'sqlite'], after: [1] }),
      ],
    })
    expect(manifest.migrations[0]).toMatchObject({ has: ['up', 'irreversible'], uses: { db: 'sql' }, version: '1.0.0' })
    expect(manifest.migrations[0]).not.toHaveProperty('held')
  })

  it('loads nothing before it is asked, and then one file', async () => {
    const manifest = await run('lazy')
    expect(loadedModules.loaded).toEqual([])
    expect(await manifest.migrations[0]?.load(undefined)).toHaveProperty('up')
    expect(loadedModules.loaded).toEqual(['first'])
  })

  it('chooses the variant by dialect, and refuses another', async () => {
    const manifest = await run('lazy')
    const load = manifest.migrations[2]?.load
    expect(await load?.('sqlite')).toMatchObject({ default: { up: 'create sqlite' } })
    expect(loadedModules.loaded).toEqual(['sqlite'])
    await expect(load?.('mysql')).rejects.toThrow('b:0002 has no text for the SQL dialect mysql')
    await expect(load?.(undefined)).rejects.toThrow('b:0002')
  })

  it('leaves CommonJS to Node where it is asked to, afresh each time', async () => {
    const manifest = await run('lazy-require')
    const load = manifest.migrations[1]?.load
    expect(await load?.(undefined)).toMatchObject({ default: { up: expect.any(Function) } })
    await load?.(undefined)
    expect(loadedModules.loaded).toEqual(['second', 'second'])
    expect(virtualModule(data, order, 'lazy', SQUASHES)).not.toContain('node:')
  })

  it('imports everything with the manifest when eager', async () => {
    const manifest = await run('eager')
    expect(loadedModules.loaded).toEqual(['first', 'second', 'postgres', 'sqlite'])
    expect(await manifest.migrations[0]?.load(undefined)).toHaveProperty('up')
    expect(await manifest.migrations[2]?.load('sqlite')).toMatchObject({ default: { up: 'create sqlite' } })
    expect(loadedModules.loaded).toHaveLength(4)
  })

  it('is an empty manifest for no migrations', () => {
    const nothing = { migrations: [], edges: [] }
    expect(virtualModule(manifestData(nothing, 'd0'), nothing, 'lazy', SQUASHES)).toBe(
      'export default {\n  "v": 1,\n  "digest": "d0",\n  "retired": [],\n  "migrations": [\n  ],\n}\n',
    )
  })
})

it('migrations.manifest.json holds the data, and no path', () => {
  const text = manifestJson(data)
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)))
  expect(text).not.toContain(folder)
  expect(text).not.toContain('/x/')
})

async function evaluate(text: string): Promise<unknown> {
  return (await import(pathToFileURL(file(`sql${count++}.mjs`, text)).href)).default
}

describe('the module of a .sql file', () => {
  it('is its text, whatever that holds', async () => {
    const text = 'select \'`${x}\\\' -- "quoted"\u2028</script>\n'
    expect(await evaluate(sqlModule(text))).toEqual({ up: text })
  })

  it('is the same for CRLF, CR and a byte order mark', async () => {
    expect(await evaluate(sqlModule('\uFEFFa;\r\nb;\rc;\n', '\uFEFFd\r\n'))).toEqual({
      up: 'a;\nb;\nc;\n',
      down: 'd\n',
    })
  })
})
