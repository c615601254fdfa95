import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'
import { BUILDS, emitted, run } from './builds.ts'
import { withCrlf } from './fixture.ts'
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
]

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
    up: "-- uses: db\ninsert into app values (1);\nselect '\u00e4; \u{1f600}';\n",
  },
  'app:nested/0003_seed sqlite': { up: '-- uses: db\ninsert into app values (1);\n' },
}

/** The manifest of the first build, which all others must equal. */
let reference: ManifestData | undefined

const builds = CHECKOUTS.flatMap((checkout) =>
  Object.entries(BUILDS).map(([builder, build], index) => ({ ...checkout, builder, build, out: `out${index}` })),
)

describe.each(builds)('$builder in $name ($install, $lineEnd)', ({ name, builder, build, out }) => {
  const app = join(folder, name)
  const built = join(app, out)
  const moved = join(folder, 'moved', name, out)

  it('gives the same ids, order and hashes as every other build', async () => {
    await build({ app, out: built })
    const manifest = emitted(built)
    expect(manifest.migrations.map(({ id }) => id)).toEqual(ORDER)
    expect(new Set(manifest.migrations.map(({ hash }) => hash)).size).toBe(ORDER.length)
    expect(manifest).toEqual((reference ??= manifest))
  })

  it('runs in another folder, with all of its code, and none of it before it is asked for', async () => {
    cpSync(built, moved, { recursive: true })
    const printed = await run(join(moved, 'server.js'), moved)
    expect(printed.manifest).toEqual(reference)
    expect(printed.loaded).toEqual(LOADED)
    expect(printed.ranAtBoot).toEqual([])
    expect(printed.ran).toEqual(['compiled 1', 'classic 1', 'classic 2', 'app 1', 'app 2', 'compiled 2'])
  })

  it('holds no path of the checkout, and imports nothing but its own files', () => {
    const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => /\.js(on)?$/.test(file))
    expect(files).toContain('server.js')
    expect(files.filter((file) => file.endsWith('.js')).length > 1).toBe(builder.endsWith('chunks'))
    for (const file of files) {
      const text = readFileSync(join(built, file), 'utf8')
      expect(text).not.toContain(folder)
      expect(text).not.toMatch(/\b(from|import|require)\b\s*\(?\s*["'](?!\.)/)
    }
  })
})
