import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Relative path → text. */
export type Files = Readonly<Record<string, string>>

export function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** The same files as an editor on Windows saves them. */
export function withCrlf(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const mark = /\.(ts|m?js|sql)$/.test(path) ? '\uFEFF' : ''
      return [path, mark + text.replaceAll('\n', '\r\n')]
    }),
  )
}

/** A line that tells when a module runs. */
const ran = (name: string): string => `;(globalThis.ran ??= []).push('${name}')\n`

/** What a published ESM package looks like, as `tsc` writes it. */
const compiled: Files = {
  'package.json': JSON.stringify({
    name: '@acme/compiled',
    version: '1.2.0',
    type: 'module',
    migrations: 'dist/migrations',
  }),
  'dist/migrations/0001_init.js': `${ran('compiled 1')}export const uses = { db: 'sql' };
export async function up({ db }) {
    await db.run \`create table compiled (id integer)\`;
}
`,
  'dist/migrations/0001_init.d.ts':
    'export declare const uses: { db: "sql" };\nexport declare function up(): Promise<void>;\n',
  'dist/migrations/0002_more.js': `import { column } from './_names.js';
${ran('compiled 2')}export default {
    uses: { db: 'sql' },
    async up({ db }) {
        await db.script(\`alter table compiled add column \${column}\`);
    },
    async down() { },
    async verify() { },
};
`,
  'dist/migrations/_names.js': "export const column = 'more';\n",
}

/** CommonJS: an object as `module.exports`, and what a compiler makes of a default export. */
const classic: Files = {
  'package.json': JSON.stringify({
    name: '@acme/classic',
    version: '2.1.0',
    dependencies: { '@acme/compiled': '1.2.0' },
    migrations: { path: 'lib/migrations' },
  }),
  'lib/migrations/0001_init.js': `${ran('classic 1')}module.exports = {
  uses: { db: 'sql' },
  dependsOn: ['@acme/compiled:0001_init'],
  up: async ({ db }) => { await db.run\`create table classic (id integer)\` },
  down: false,
}
`,
  'lib/migrations/0002_default.js': `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
${ran('classic 2')}exports.default = {
    uses: { files: 'files' },
    async up({ files }) {
        await files.write('classic.txt', 'classic');
    },
};
`,
}

const tables: Files = {
  'package.json': JSON.stringify({
    name: '@acme/tables',
    version: '0.3.0',
    migrations: { path: 'sql', uses: { main: 'sql' } },
  }),
  'sql/0001_init.postgres.sql': 'create table tables (id bigint generated always as identity, name text);\n',
  'sql/0001_init.sqlite.sql': 'create table tables (id integer primary key, name text);\n',
  'sql/0002_index.sql': '-- by name\ncreate index tables_name\non tables (name);\n',
  'sql/0002_index.down.sql': 'drop index tables_name;\n',
}

/** Packages as they are packed and published. The application depends on the last two. */
export const PACKAGES: Readonly<Record<string, Files>> = { compiled, classic, tables }

/** A server that loads every migration, and prints what there is. */
export const LOADING_SERVER: Files = {
  'load-all.js': `/** Id, and dialect where there are variants → what its module holds. */
export async function loadAll({ migrations }) {
  const loaded = {}
  for (const { id, variants, load } of migrations) {
    for (const dialect of variants.length > 0 ? variants : [undefined]) {
      const module = await load(dialect)
      const shape = module.default?.default ?? module.default ?? module
      const members = Object.entries(shape).map(([key, value]) => [key, typeof value === 'function' ? 'function' : value])
      loaded[dialect ? id + ' ' + dialect : id] = Object.fromEntries(members)
    }
  }
  return loaded
}
`,
  'server.js': `import manifest from 'virtual:migrations'
import { loadAll } from './load-all.js'

const ranAtStart = [...(globalThis.ran ?? [])]
loadAll(manifest).then((loaded) => console.log(JSON.stringify({ manifest, ranAtStart, loaded })))
`,
}

/** Servers that migrate storages in their working folder, and print what they did before they load the rest. */
const MIGRATING_SERVERS: Files = {
  'load-all.js': LOADING_SERVER['load-all.js'] ?? '',
  'server.ts': "import { serve } from './serve.ts'\nawait serve()\n",
  // CommonJS has no top-level `await`.
  'commonjs/server.ts': "import { serve } from '../serve.ts'\nvoid serve()\n",
  'serve.ts': `import Database from 'better-sqlite3'
import betterSqlite3 from 'unplugin-migrations/adapters/better-sqlite3'
import files from 'unplugin-migrations/adapters/files'
import jsonFile from 'unplugin-migrations/adapters/json-file'
import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import { loadAll } from './load-all.js'

const ran = (): readonly string[] => [...((globalThis as { ran?: string[] }).ran ?? [])]
const ranAtStart = ran()

export async function serve(): Promise<void> {
  const db = betterSqlite3(new Database('app.db'))
  const adapters = { db, files: files('files'), settings: jsonFile('settings.json') }
  const config = { adapters, state: 'settings', bind: { '@acme/tables': { main: 'db' } } } as const
  const first = await migrate(manifest, config)
  const second = await migrate(manifest, config)
  const applied = first.applied.map(({ id, target }) => id + ' ' + target)
  const done = { outcomes: [first.outcome, second.outcome], applied, ranAtStart, ran: ran() }
  console.log(JSON.stringify({ manifest, ...done, loaded: await loadAll(manifest) }))
}
`,
}

export const APP: Files = {
  ...MIGRATING_SERVERS,
  'migrations/0001_init.ts': `import { type Row, table } from './_table.ts'

${ran('app 1')}interface Context {
  readonly db: { run(text: TemplateStringsArray): Promise<readonly Row[]> }
}

export default {
  uses: { db: 'sql' },
  dependsOn: ['@acme/tables:0002_index', '@acme/classic:0001_init'],
  async up({ db }: Context): Promise<void> {
    await db.run\`create table app (id integer)\`
    void (table satisfies string)
  },
}
`,
  'migrations/_table.ts': "export type Row = Readonly<Record<string, unknown>>\nexport const table: string = 'app'\n",
  'migrations/0002_more.js': `${ran('app 2')}export const uses = { db: 'sql' }
export const runBefore = ['@acme/compiled:0002_more']
export async function up({ db }) {
  await db.run\`alter table app add column more\`
}
export async function down() {}
`,
  'migrations/nested/0003_seed.postgres.sql':
    "-- uses: db\ninsert into app (id) values (1);\nselect '\u00e4; \u{1f600}';\n",
  'migrations/nested/0003_seed.sqlite.sql': '-- uses: db\ninsert into app (id) values (1);\n',
  'migrations/nested/0004_settings.mjs': `${ran('app 4')}export const uses = { db: 'sql', settings: 'kv' }
export async function up({ db, settings }) {
  const rows = await db.rows\`select id from app\`
  await db.run\`update app set more = \${'moved'}\`
  for (const { id } of rows) await settings.set('app ' + id, { moved: true })
}
`,
}

/** Of the application: everything that only leads to a package by npm. */
export function appPackageJson(dependencies: Files, more: object = {}): Files {
  return {
    'package.json': JSON.stringify({
      name: 'app',
      version: '3.0.0',
      private: true,
      type: 'module',
      dependencies,
      ...more,
    }),
  }
}
