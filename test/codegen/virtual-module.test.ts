import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { manifestData, type ScannedOrder } from '../../src/codegen/manifest-data.ts'
import { manifestJson } from '../../src/codegen/manifest-json.ts'
import Database from 'better-sqlite3'
import { canonicalSql } from '../../src/scan/hash/hash-sql.ts'
import { sqlModule } from '../../src/codegen/sql-module.ts'
import { type Loading, virtualModule } from '../../src/codegen/virtual-module.ts'
import type { Manifest, ManifestMigration } from '../../src/graph/manifest.ts'
import type { ScannedMigration } from '../../src/scan/result.ts'
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
  retired: [],
  migrations: [
    scanned({ id: '@acme/a:0001_first', hash: 'h0:aa', files: [{ file: first }], has: ['up', 'irreversible'] }),
    scanned({
      id: 'b:0001',
      hash: 'h0:bb',
      moduleFormat: 'cjs',
      files: [{ file: second }],
      formerly: ['old:0001'],
      traits: { deferrable: true },
    }),
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
const data = manifestData(order, { digest: 'd1', required: 'r1' }, new Set(['b:0001']))

const moduleOf = (name: string): string => file(`${name}.mjs`, `export default '${name}'`)
const MODULES = {
  squashes: moduleOf('squashes'),
  traits: moduleOf('traits'),
  storages: moduleOf('storages'),
  scripts: moduleOf('scripts'),
  statements: moduleOf('statements'),
}

let count = 0
async function run(loading: Loading): Promise<Manifest> {
  // `.sql` needs a bundler: here a module in its place.
  const text = virtualModule(data, order, loading, MODULES).replaceAll(
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
      required: 'r1',
      traits: 'traits',
      storages: 'storages',
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
    expect(manifest.migrations.map(({ traits }) => traits)).toEqual([undefined, { deferrable: true }, undefined])
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
    expect(virtualModule(data, order, 'lazy', MODULES)).not.toContain('node:')
  })

  it('imports everything with the manifest when eager', async () => {
    const manifest = await run('eager')
    expect(loadedModules.loaded).toEqual(['first', 'second', 'postgres', 'sqlite'])
    expect(await manifest.migrations[0]?.load(undefined)).toHaveProperty('up')
    expect(await manifest.migrations[2]?.load('sqlite')).toMatchObject({ default: { up: 'create sqlite' } })
    expect(loadedModules.loaded).toHaveLength(4)
  })

  it('is an empty manifest for no migrations', () => {
    const nothing = { migrations: [], edges: [], retired: [] }
    expect(virtualModule(manifestData(nothing, { digest: 'd0' }), nothing, 'lazy', MODULES)).toBe(
      'export default {\n  "v": 1,\n  "digest": "d0",\n  "retired": [],\n  "migrations": [\n  ],\n}\n',
    )
  })
})

type Asking = Partial<
  Pick<ManifestMigration, 'format' | 'has' | 'held' | 'id' | 'replaces' | 'traits' | 'uses'> &
    Pick<ScannedMigration, 'files'>
>

describe('the code that a manifest brings', () => {
  const bringing = (...given: readonly Asking[]): readonly string[] => {
    const migrations = given.map((each, index) => scanned({ id: `app:${index}`, files: [{ file: '/x' }], ...each }))
    const edges = given.map(({ replaces = [] }) => ({ parents: [], after: [], replaces }))
    const held = new Set(migrations.filter((_, index) => given[index]?.held).map(({ id }) => id))
    const scan = { migrations, edges, retired: [] }
    const text = virtualModule(manifestData(scan, { digest: '' }, held), scan, 'lazy', MODULES)
    return [...text.matchAll(/^import (\w+) from (.*)$/gm)].map(([, name = '', path]) => {
      expect(path).toBe(JSON.stringify(join(folder, `${name}.mjs`)))
      expect(text).toContain(`\n  ${name},\n`)
      return name
    })
  }

  it('is none for migrations that run as usual on one storage', () => {
    const idempotent = { traits: { idempotent: true } } as const
    expect(bringing({}, { has: ['up', 'down', 'verify', 'irreversible'] }, idempotent)).toEqual([])
  })

  it('is not asked for by what is for people', () => {
    const destructive = { traits: { destructive: true } } as const
    expect(bringing({}, destructive)).toEqual([])
    expect(bringing({}, { traits: { destructive: true, idempotent: true } })).toEqual([])
    const sql = { format: 'sql' } as const
    expect(bringing(sql, { ...sql, ...destructive })).toEqual(['scripts'])
  })

  it.each([
    { traits: { deferrable: true } },
    { traits: { repeatable: 'always' } },
    { traits: { steps: [{ name: 'a' }] }, has: ['steps'] },
    { has: ['up', 'when'] },
    { has: ['up', 'probe'] },
    { held: true },
  ] as const)('is that for traits for $traits $has $held', (asking) => {
    expect(bringing({}, asking)).toEqual(['traits'])
  })

  it('is that for several storages where roles may be bound to several', () => {
    expect(bringing({}, { uses: { files: 'files' } })).toEqual(['storages'])
    expect(bringing({ uses: { db: 'sql', files: 'files' } })).toEqual(['storages'])
    expect(bringing({ id: '@acme/a:1' }, { id: '@acme/b:1' })).toEqual(['storages'])
  })

  it('is that for statements, and for traits, where a migration is outside of a transaction', () => {
    expect(bringing({}, { traits: { transaction: false } })).toEqual(['traits', 'statements'])
    const steps = [{ name: 'a' }, { name: 'b', transaction: false }] as const
    expect(bringing({}, { traits: { steps }, has: ['steps'] })).toEqual(['traits', 'statements'])
  })

  it('is that for scripts where PostgreSQL may get several', () => {
    const sql = { format: 'sql' } as const
    const sqlite = { ...sql, files: [{ file: '/x', dialect: 'sqlite' }] } as const
    const postgres = { ...sql, files: [...sqlite.files, { file: '/y', dialect: 'postgres' }] } as const
    expect(bringing(sql, postgres)).toEqual(['scripts'])
    expect(bringing(sql, sqlite, {})).toEqual([])
    expect(bringing(sql, { ...sql, traits: { idempotent: true } })).toEqual([])
  })

  it('is all of it where all of it is asked for', () => {
    const sql = [
      { id: 'b:2', format: 'sql' },
      { id: 'b:3', format: 'sql' },
    ] as const
    expect(bringing({ id: 'a:1' }, { id: 'b:1', replaces: ['a:1'], has: ['up', 'when'] }, ...sql)).toEqual([
      'squashes',
      'traits',
      'storages',
      'scripts',
    ])
  })
})

it('migrations.manifest.json holds the data, and no path', () => {
  const text = manifestJson(data)
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)))
  expect(text).not.toContain(folder)
  expect(text).not.toContain('/x/')
  expect(text).not.toContain('.mjs')
})

async function evaluate(text: string): Promise<unknown> {
  return (await import(pathToFileURL(file(`sql${count++}.mjs`, text)).href)).default
}

describe('the module of a .sql file', () => {
  it('is its text, whatever that holds', async () => {
    const text = 'select \'`${x}\\\' -- "quoted"\u2028</script>\n'
    expect(await evaluate(sqlModule(text))).toEqual({ up: text })
  })

  it('is the same for CRLF and a byte order mark', async () => {
    expect(await evaluate(sqlModule('\uFEFFa;\r\nb;\n', '\uFEFFd\r\n'))).toEqual({ up: 'a;\nb;\n', down: 'd\n' })
  })

  it('has what was hashed: where a comment ends at LF only, a CR in it brings nothing to life', async () => {
    const text = '-- note\rdrop table users;\nselect 1;\n'
    expect(canonicalSql(text, 'sqlite')).toBe(canonicalSql('select 1;', 'sqlite'))
    const { up } = (await evaluate(sqlModule(text))) as { up: string }
    const database = new Database(':memory:')
    database.exec('create table users (id)')
    database.exec(up)
    expect(database.prepare("select name from sqlite_schema where name = 'users'").all()).toHaveLength(1)
    database.close()
  })
})
