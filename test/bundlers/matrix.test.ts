import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'
import { BUILDS, emitted, EXTERNAL } from './builds.ts'
import { withCrlf } from './fixture.ts'
import { link, type Migrated, run, storagesIn } from './servers.ts'
import { checkOut, INSTALLS, pack } from './trees.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'matrix-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Checkouts of one application: other paths, package managers and line ends. */
const CHECKOUTS = [
  { name: 'one/app', install: 'npm', lineEnd: 'LF' },
  { name: 'two/deep/er', install: 'npm', lineEnd: 'CRLF' },
  { name: 'three/app', install: 'pnpm', lineEnd: 'LF' },
  { name: 'four/app', install: 'pnpm', lineEnd: 'CRLF' },
] as const

beforeAll(async () => {
  link(folder, ['better-sqlite3', 'unplugin-migrations'])
  const tarballs = { LF: await pack(join(folder, 'packs')), CRLF: await pack(join(folder, 'packs-crlf'), withCrlf) }
  for (const { name, install, lineEnd } of CHECKOUTS) {
    const how = INSTALLS[install]
    if (how) await checkOut(join(folder, name), how, tarballs[lineEnd], lineEnd)
  }
})

const ORDER = [
  '@acme/compiled:0001_init',
  '@acme/classic:0001_init',
  '@acme/classic:0002_default',
  '@acme/tables:0001_init',
  '@acme/tables:0002_index',
  'app:0001_init',
  'app:0002_more',
  '@acme/compiled:0002_more',
  'app:nested/0003_seed',
  'app:nested/0004_settings',
]

const MODULES = ['compiled 1', 'classic 1', 'classic 2', 'app 1', 'app 2', 'compiled 2', 'app 4']

const FUNCTION = 'function'
const LOADED = {
  '@acme/compiled:0001_init': { uses: { db: 'sql' }, up: FUNCTION },
  '@acme/classic:0001_init': expect.objectContaining({ uses: { db: 'sql' }, up: FUNCTION, down: false }),
  '@acme/classic:0002_default': { uses: { files: 'files' }, up: FUNCTION },
  '@acme/tables:0001_init postgres': {
    up: 'create table tables (id bigint generated always as identity, name text);\n',
  },
  '@acme/tables:0001_init sqlite': { up: 'create table tables (id integer primary key, name text);\n' },
  '@acme/tables:0002_index': {
    up: '-- by name\ncreate index tables_name\non tables (name);\n',
    down: 'drop index tables_name;\n',
  },
  'app:0001_init': expect.objectContaining({ uses: { db: 'sql' }, up: FUNCTION }),
  'app:0002_more': expect.objectContaining({ uses: { db: 'sql' }, up: FUNCTION, down: FUNCTION }),
  '@acme/compiled:0002_more': { uses: { db: 'sql' }, up: FUNCTION, down: FUNCTION, verify: FUNCTION },
  'app:nested/0003_seed postgres': {
    up: "-- uses: db\ninsert into app (id) values (1);\nselect '\u00e4; \u{1f600}';\n",
  },
  'app:nested/0003_seed sqlite': { up: '-- uses: db\ninsert into app (id) values (1);\n' },
  'app:nested/0004_settings': { uses: { db: 'sql', settings: 'kv' }, up: FUNCTION },
}

/** All of them, with the storage that each commits in. */
const APPLIED = ORDER.map((id) => `${id} ${id === '@acme/classic:0002_default' ? 'files' : 'db'}`)

const IMPORT = /\b(?:from|import|require)\b\s*\(?\s*["']([^"']+)["']/g

/** The manifest of the first build, which all others must equal. */
let reference: ManifestData | undefined

/** What every run leaves behind. */
const STORAGES = {
  tables: {
    app: 'CREATE TABLE app (id integer, more)',
    classic: 'CREATE TABLE classic (id integer)',
    compiled: 'CREATE TABLE compiled (id integer, more)',
    tables: 'CREATE TABLE tables (id integer primary key, name text)',
    tables_name: 'CREATE INDEX tables_name\non tables (name)',
  },
  app: [{ id: 1, more: 'moved' }],
  files: ['classic.txt'],
  text: 'classic',
  settings: { 'app 1': { moved: true } },
}

/** The form of the output has nothing to do with the checkout: the first is built to every form, the others to one. */
const builds = CHECKOUTS.flatMap((checkout, position) =>
  BUILDS.filter(({ name }) => position === 0 || name.endsWith('ESM, chunks')).map((builder, index) => {
    return { ...checkout, builder, built: join(folder, checkout.name, `out${index}`) }
  }),
)

describe.each(builds)('$builder.name in $name ($install, $lineEnd)', ({ name, builder, built }) => {
  const app = join(folder, name)
  const moved = join(folder, 'moved', relative(folder, built))
  const { server } = builder

  it('gives the same ids, order and hashes as every other build', async () => {
    const entry = server === 'server.cjs' ? 'commonjs/server.ts' : 'server.ts'
    await builder.build({ app, out: built, entry })
    const manifest = emitted(built)
    expect(manifest.migrations.map(({ id }) => id)).toEqual(ORDER)
    expect(new Set(manifest.migrations.map(({ hash }) => hash)).size).toBe(ORDER.length)
    expect(manifest).toEqual((reference ??= manifest))
  })

  it('migrates new storages in another folder, and runs no code before it is asked for', async () => {
    cpSync(built, moved, { recursive: true })
    const printed = await run<Migrated>(join(moved, server), moved)
    // It brings code for its several roles and its scripts, whose functions JSON leaves out.
    const { storages: several, scripts, ...plain } = printed.manifest
    expect([several, scripts].map((strategy) => typeof strategy)).toEqual(['object', 'object'])
    expect(plain).toEqual(reference)
    expect(printed.outcomes).toEqual(['migrated', 'current'])
    // Beside the files, which have nothing to do with the database.
    const inFiles = (line: string): boolean => line === '@acme/classic:0002_default files' || line === 'classic 2'
    for (const [done, expected] of [
      [printed.applied, APPLIED],
      [printed.ran, MODULES],
    ] as const) {
      expect(done.filter(inFiles)).toEqual(expected.filter(inFiles))
      expect(done.filter((line) => !inFiles(line))).toEqual(expected.filter((line) => !inFiles(line)))
    }
    expect(printed.ranAtStart).toEqual(builder.runsAllAtStart ? MODULES : [])
    expect(printed.loaded).toEqual(LOADED)
    const { log, ...storages } = storagesIn(moved)
    expect(storages).toEqual(STORAGES)
    const inDatabase = reference?.migrations.filter(({ id }) => APPLIED.includes(`${id} db`))
    expect(log).toEqual(inDatabase?.map(({ id, hash }) => ({ id, hash, done: 1 })))
  })

  it('holds no path of the checkout, and imports its own files, the driver and Node', () => {
    const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => /\.c?js(on)?$/.test(file))
    expect(files).toContain(server)
    expect(files.filter((file) => file.endsWith('js')).length > 1).toBe(!builder.isOneFile)
    const texts = files.map((file) => readFileSync(join(built, file), 'utf8'))
    expect(texts.filter((text) => text.includes(folder))).toEqual([])
    const imported = texts.flatMap((text) => [...text.matchAll(IMPORT)].map(([, specifier]) => specifier ?? ''))
    const others = imported.filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    expect([...new Set(others)]).toEqual(EXTERNAL)
  })
})
