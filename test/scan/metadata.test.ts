import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import type { ScannedMigration } from '../../src/scan/result.ts'
import { scan } from '../../src/scan/scan.ts'
import { app, migration, scanned, stepped, write } from './tree.ts'

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc')

/** What a migration says, of all that a scan answers. */
function said({ id, uses, dependsOn, parents, labels, has }: ScannedMigration): object {
  return { id, uses, dependsOn, parents, labels, has }
}

const SAID = {
  id: 'app:named',
  uses: { db: 'sql', files: 'files' },
  dependsOn: ['app:0'],
  parents: ['app:0'],
  labels: ['a', 'b'],
  has: ['up', 'irreversible', 'verify'],
}

const OBJECT = `{
  id: 'named', 'uses': { db: 'sql', "files": \`files\` } as const, dependsOn: ["app:0"], parents: ['0'],
  labels: ['a', 'b'] satisfies string[], idempotent: true, destructive: false,
  async up({ db }) {}, down: false, verify: async () => {},
}`

const NAMED = `export const id = 'named', uses = { db: 'sql', files: 'files' } as const
export const dependsOn = ['app:0'] satisfies string[], parents = ['0'], labels = ['a', 'b']
export const idempotent = true
export async function up({ db }) {}
export const down = false
export const verify = async () => {}
export type Row = { id: number }
export interface Wide {}`

const LISTED = NAMED.replaceAll('export const', 'const').replaceAll('export async', 'async')

/** The same migration in every form in which people and compilers write it. */
const FORMS: Readonly<Record<string, string>> = {
  'default.ts': `export default ${OBJECT}`,
  'define.ts': `import { defineMigration } from 'unplugin-migrations/runtime'\nexport default defineMigration(${OBJECT})`,
  'alias.ts': `import { defineMigration as define } from 'unplugin-migrations/runtime'\nexport default define(${OBJECT})`,
  'namespace.ts': `import * as runtime from 'unplugin-migrations/runtime'\nexport default runtime.defineMigration(${OBJECT})`,
  'satisfies.ts': `import type { Migration } from 'x'\nexport default ${OBJECT} satisfies Migration<{ db: 'sql' }>`,
  'minified.ts': `export default ${OBJECT.replaceAll('true', '!0').replaceAll('false', '!1')}`,
  'const.ts': `export default (${OBJECT}) as const`,
  'variable.ts': `const migration = ${OBJECT} as const\nexport default migration`,
  'renamed.ts': `var it_default = defineMigration(${OBJECT})\nexport { it_default as default }`,
  'named.ts': NAMED,
  'listed.ts': `${LISTED}\nexport { id, uses, dependsOn, parents, labels, idempotent, up, down, verify }`,
  'reexported.ts': `${LISTED}\nexport { id, uses, dependsOn, parents, labels, down }\nexport { up, verify } from './_work.ts'`,
  'exports.cts-like.cjs': LISTED.replaceAll(/ as const| satisfies string\[\]|export .*/g, '').concat(
    '\nexports.id = "named"; exports.uses = { db: "sql", files: "files" }; exports.dependsOn = ["app:0"]',
    '\nexports.parents = ["0"]; exports["labels"] = ["a", "b"]; exports.up = up; module.exports.down = false; exports.verify = verify',
  ),
  'module-exports.cjs': `module.exports = ${OBJECT.replaceAll(/ as const| satisfies string\[\]/g, '')}`,
}

describe('a module says the same', () => {
  it.each(Object.entries(FORMS))('as %s', async (name, text) => {
    const root = app({ '0.sql': '-- uses: db\nselect 1', [name]: text, '_work.ts': 'export const up = 1, verify = 2' })
    const { migrations } = await scanned(root)
    expect(migrations.map(({ id }) => id)).toEqual(['app:0', 'app:named'])
    expect(migrations[1] && said(migrations[1])).toEqual(SAID)
  })

  it.each([['default.ts'], ['define.ts'], ['named.ts'], ['variable.ts'], ['listed.ts']])(
    'as %s compiled to CommonJS by tsc',
    async (name) => {
      const root = app({ [name]: FORMS[name] ?? '' })
      const compilerOptions = {
        target: 'ES2022',
        module: 'CommonJS',
        outDir: 'out',
        rootDir: 'migrations',
        noCheck: true,
        types: [],
      }
      write(root, { 'tsconfig.json': { json: { compilerOptions, include: ['migrations'] } } })
      execFileSync(TSC, ['-p', '.'], { cwd: root })
      write(root, { 'out/package.json': '{ "type": "commonjs" }', 'out/0.sql': '-- uses: db\nselect 1' })
      const { migrations } = await scanned(root, { path: 'out' })
      expect(migrations[1] && said(migrations[1])).toEqual(SAID)
      expect(migrations[1]?.moduleFormat).toBe('cjs')
    },
  )

  it.each([['default.ts'], ['named.ts'], ['variable.ts']])('as %s bundled by esbuild', async (name) => {
    const root = app({ [name]: FORMS[name] ?? '' })
    buildSync({
      entryPoints: [`${root}/migrations/${name}`],
      bundle: true,
      format: 'esm',
      outfile: `${root}/out/1.js`,
      logLevel: 'error',
    })
    write(root, { 'out/0.sql': '-- uses: db\nselect 1' })
    const { migrations } = await scanned(root, { path: 'out' })
    expect(migrations[1] && said(migrations[1])).toEqual(SAID)
  })
})

it('a .sql file says it in its head comment', async () => {
  const head = [
    '/* Copyright */',
    '-- What this does: a prose line.',
    '--id: named',
    '-- uses: db',
    '--   dependsOn:app:0 ,  app:0b',
    '-- parents: 0b',
    '-- labels:',
    '-- idempotent',
    '-- destructive: false',
    '-- down: false',
    'select 1; -- labels: not here',
  ]
  const root = app({ '0.sql': '-- uses: db\nselect 1', '0b.sql': '-- uses: db\nselect 1', '1.sql': head.join('\r\n') })
  const { migrations } = await scanned(root)
  const last = migrations[2]
  expect(last && said(last)).toEqual({
    id: 'app:named',
    uses: { db: 'sql' },
    dependsOn: ['app:0', 'app:0b'],
    parents: ['app:0b'],
    labels: [],
    has: ['up', 'irreversible'],
  })
})

it('what is wrong in a head comment is told with its line and column', async () => {
  const head = ['-- What this does', '--   uses: db', '--   dependsOn:app:0 ,  app:0b', 'select 1']
  const root = app({ '0.sql': '-- uses: db\nselect 1', '1.sql': head.join('\r\n') })
  const { diagnostics } = await scan({ root })
  const file = `${root}/migrations/1.sql`
  expect(diagnostics).toMatchObject([{ code: 'MIG_B0104', sources: [{ file, line: 3, column: 25 }] }])
})

it('a .sql file runs on the only role of kind sql: of the field, else of the modules', async () => {
  const module = `export const uses = { main: 'sql', files: 'files' }\nexport function up() {}`
  const byModules = await scanned(app({ '1.sql': 'select 1', '2.js': module }))
  expect(byModules.migrations[0]?.uses).toEqual({ main: 'sql' })
  const root = app({ '1.sql': 'select 1', '2.js': module })
  write(root, {
    'package.json': { json: { name: 'app', type: 'module', migrations: { uses: { store: 'sql', kv: 'kv' } } } },
  })
  expect((await scanned(root)).migrations[0]?.uses).toEqual({ store: 'sql' })
})

const STEPS = `[
  { name: 'copy', uses: ['db'], idempotent: true, async up({ checkpoint }) { return checkpoint }, down: async () => {} },
  { "name": \`drop\`, transaction: false, up: drop, probe: () => true, down() {} } as const,
]`

const STEPPED = {
  has: ['down', 'verify', 'when', 'steps'],
  traits: {
    deferrable: true,
    steps: [
      { name: 'copy', uses: ['db'], idempotent: true },
      { name: 'drop', transaction: false },
    ],
  },
}

const STEP_FORMS: Readonly<Record<string, string>> = {
  'default.ts': `export default { uses: { db: 'sql' }, deferrable: true, when: async () => true, verify() {}, steps: ${STEPS} }`,
  'satisfies.ts': `export default { uses: { db: 'sql' }, deferrable: true, when() {}, async verify() {}, steps: ${STEPS} satisfies unknown }`,
  'named.ts': `export const uses = { db: 'sql' }, deferrable = true, steps = ${STEPS}\nexport function when() {}\nexport function verify() {}`,
  'listed.ts': `const uses = { db: 'sql' }, deferrable = true, steps = ${STEPS}, when = () => true, verify = when\nexport { uses, deferrable, steps, when, verify }`,
  'exports.cjs': `exports.uses = { db: 'sql' }; exports.deferrable = true; exports.steps = ${STEPS.replace(' as const', '')}; exports.when = when; exports.verify = when\nfunction when() {}`,
}

describe('the steps of a migration are read', () => {
  const readFrom = async (root: string, path: string): Promise<object> => {
    const { migrations } = await scanned(root, { path })
    return { has: migrations[0]?.has, traits: migrations[0]?.traits }
  }

  it.each(Object.entries(STEP_FORMS))('as %s', async (name, text) => {
    expect(await readFrom(app({ [name]: `const drop = () => {}\n${text}` }), 'migrations')).toEqual(STEPPED)
  })

  it.each([['default.ts'], ['named.ts'], ['listed.ts']])('as %s bundled by esbuild', async (name) => {
    const root = app({ [name]: `const drop = () => {}\n${STEP_FORMS[name] ?? ''}` })
    const entryPoints = [`${root}/migrations/${name}`]
    buildSync({ entryPoints, bundle: true, format: 'esm', outfile: `${root}/out/1.js`, logLevel: 'error' })
    expect(await readFrom(root, 'out')).toEqual(STEPPED)
  })
})

it('steps can be taken back where each has its down, and never where that is said', async () => {
  const has = async (steps: string, more = ''): Promise<readonly string[]> =>
    (await scanned(app({ '1.js': stepped(steps, more) }))).migrations[0]?.has ?? []
  expect(await has(`{ name: 'a', up() {}, down() {} }, { name: 'b', up() {}, down() {} }`)).toEqual(['down', 'steps'])
  expect(await has(`{ name: 'a', up() {}, down() {} }, { name: 'b', up() {} }`)).toEqual(['steps'])
  expect(await has(`{ name: 'a', up() {}, down() {} }`, 'export const down = false')).toEqual(['irreversible', 'steps'])
})

it('what a migration asks of its run is read from modules and head comments', async () => {
  const root = app({
    '1.js': migration(`export const transaction = false, idempotent = true, deferrable = false
export const when = async () => true
export const probe = async () => false`),
    '2.js': migration(`export const repeatable = 'always', destructive = true`),
    '3.sql': [
      '-- uses: db',
      '-- transaction: false',
      '-- idempotent',
      '-- deferrable: true',
      '-- when: the table is empty',
      '-- steps: none',
      'select 1',
    ].join('\n'),
    '4.sql': '-- uses: db\n-- repeatable: onChange\nselect 1',
    '5.sql': '-- uses: db\n-- destructive\n-- down: false\nselect 1',
  })
  const { migrations } = await scanned(root)
  const traits = new Map(migrations.map((each) => [each.id, each.traits]))
  expect(Object.fromEntries(traits)).toEqual({
    'app:1': { transaction: false, idempotent: true },
    'app:2': { destructive: true, repeatable: 'always' },
    'app:3': { transaction: false, idempotent: true, deferrable: true },
    'app:4': { repeatable: 'onChange' },
    'app:5': { destructive: true },
  })
  expect(migrations.map(({ id }) => id)).toEqual(['app:1', 'app:3', 'app:5', 'app:4', 'app:2'])
  expect(migrations[0]?.has).toEqual(['up', 'when', 'probe'])
})

it('the hash of a .sql file holds what it asks of its run', async () => {
  const hashOf = async (head: string): Promise<string | undefined> =>
    (await scanned(app({ '1.sql': `-- uses: db\n${head}\nselect 1` }))).migrations[0]?.hash
  const heads = ['', '-- transaction: false', '-- deferrable', '-- repeatable: onChange', '-- repeatable: always']
  const hashes = await Promise.all(heads.map(hashOf))
  expect(new Set(hashes).size).toBe(heads.length)
  expect(await hashOf('-- deferrable: false')).toBe(hashes[0])
})
