import type { BUILD_SCAN } from '../../../src/diagnostics/build-scan.ts'
import { migration, pkg } from '../tree.ts'
import { type Fixtures, BROUGHT, library, M, own } from './fixture.ts'

export const PACKAGES: Fixtures<keyof typeof BUILD_SCAN> = {
  MIG_B0201: [
    {
      files: { 'package.json': '{ "dependencies": {} }', [`${M}/1.js`]: migration() },
      at: [['package.json:1:1', '{ "dependencies"']],
      says: ['The application in <root>/package.json has neither a name nor an id.'],
      fix: 'Add this line to it: "name": "',
    },
  ],
  MIG_B0202: [
    {
      files: {
        'package.json': pkg('app', { dependencies: { broken: '1' } }),
        'node_modules/broken/package.json': '[]',
        [`${M}/1.js`]: migration(),
      },
      at: [['node_modules/broken/package.json:1:1', '[]']],
      says: ['is not a JSON object', BROUGHT],
      fix: 'Install the package again.',
    },
    {
      files: { 'package.json': '{ "name": ', [`${M}/1.js`]: migration() },
      at: [['package.json:1:1', '{ "name"']],
      says: ['<root>/package.json cannot be read: '],
      fix: 'Correct the file.',
    },
  ],
  MIG_B0203: [
    {
      files: { 'package.json': pkg('app', { 'unplugin-migrations': { path: 7 } }), [`${M}/1.js`]: migration() },
      at: [['package.json:5:26', '{']],
      says: ['The field "unplugin-migrations" of app is not read: `path` is not a text.'],
      fix: '"unplugin-migrations": "<folder>"',
    },
    {
      severity: 'warning',
      files: { 'package.json': pkg('app', { migrations: ['x'] }), [`${M}/1.js`]: migration() },
      at: [['package.json:5:17', '[']],
      says: ['it is neither a path nor an object with fields'],
      fix: '"migrations": "<folder>"',
    },
  ],
  MIG_B0204: [
    {
      files: library({}, { migrations: { path: 'dist/migrations' } }),
      at: [['node_modules/library/package.json:6:13', '"dist/migrations"']],
      says: ['The folder "dist/migrations" of library does not exist.', BROUGHT],
      fix: `packages: { 'library': false }`,
    },
    {
      files: { 'package.json': pkg('app') },
      options: { path: 'changes' },
      at: [['package.json:1:1', '{']],
      says: ['The folder "changes" of app does not exist.'],
      fix: 'Create <root>/changes',
    },
    {
      files: library({ 'file.json': '{}' }, { migrations: 'db/file.json' }),
      at: [['node_modules/library/package.json:5:17', '"db/file.json"']],
      says: ['is a file'],
      fix: 'packages',
    },
  ],
  MIG_B0205: [
    ...['../other', '/etc', 'a/../../b', 'C:\\migrations', '..\\x', 'file:///etc'].map((path) => ({
      files: library({}, { migrations: path }),
      at: [['node_modules/library/package.json:5:17', JSON.stringify(path)]] as const,
      says: [`The folder "${path}" of library lies outside of the package.`, BROUGHT],
      fix: 'Name a folder inside the package',
    })),
    ...['.', './', './/.'].map((path) => ({
      files: library({}, { migrations: path }),
      at: [['node_modules/library/package.json:5:17', JSON.stringify(path)]] as const,
      says: [`The folder "${path}" of library is the package itself.`, BROUGHT],
      fix: 'Name a folder inside the package',
    })),
    {
      files: { ...library({}), 'outside/1.js': migration(), 'node_modules/library/db': { link: 'outside' } },
      at: [['node_modules/library/package.json:5:17', '"db"']],
      says: ['lies outside of the package'],
      fix: 'inside',
    },
    {
      files: { ...library({ '1.js': migration(), '2.js': { link: 'outside/2.js' } }), 'outside/2.js': migration() },
      at: [['node_modules/library/db/2.js:1:1', 'export']],
      says: ['<root>/node_modules/library/db/2.js is a link out of its package.', BROUGHT],
      fix: 'Put the file itself there.',
    },
    {
      files: { ...library({ '1.js': migration(), more: { link: '' } }) },
      at: [],
      says: ['<root>/node_modules/library/db/more is a link out of its package.'],
      fix: 'Put the file itself there.',
    },
  ],
  MIG_B0206: [
    {
      files: {
        ...library({ '1.js': migration() }, { migrations: 'db', dependencies: { a: '1' } }),
        'node_modules/a/package.json': pkg('a', { dependencies: { library: '2' } }),
        'node_modules/a/node_modules/library/package.json': pkg('library', { version: '2.0.0', migrations: 'db' }),
        'node_modules/a/node_modules/library/db/1.js': migration(),
      },
      at: [
        ['node_modules/library/package.json:3:14', '"1.0.0"'],
        ['node_modules/a/node_modules/library/package.json:3:14', '"2.0.0"'],
      ],
      says: ['2 versions of library', '(brought in by app)', '(brought in by app → library → a)'],
      fix: `migrations({ packages: { 'library': { version: '2.0.0' } } })`,
    },
    {
      files: {
        ...own({}),
        'package.json': pkg('app', { dependencies: { a: '1', library: '1' } }),
        'library/package.json': pkg('library', { migrations: 'db' }),
        'library/db/1.js': migration(),
        'node_modules/library': { link: 'library' },
        'node_modules/a/package.json': pkg('a', { dependencies: { library: '1' } }),
        'node_modules/a/node_modules/library/package.json': pkg('library', { migrations: 'db' }),
        'node_modules/a/node_modules/library/db/1.js': migration(),
      },
      at: [
        ['library/package.json:3:14', '"1.0.0"'],
        ['node_modules/a/node_modules/library/package.json:3:14', '"1.0.0"'],
      ],
      says: ['Several copies of library bring migrations: library@1.0.0'],
      fix: 'either link library for all that depend on it, or for none.',
    },
  ],
  MIG_B0207: [
    {
      files: own({ '1.js': migration() }),
      options: { packages: { libary: { path: 'x' } } },
      at: [],
      says: ['names libary, which is not in the dependency tree'],
      fix: 'Add libary',
    },
    {
      files: library({ '1.js': migration() }),
      options: { packages: { libary: { path: 'x' } } },
      at: [],
      says: ['names libary, which is not in the dependency tree'],
      fix: `Did you mean 'library'?`,
    },
    {
      files: library({ '1.js': migration() }),
      options: { packages: { library: { version: '2.0.0' } } },
      at: [['node_modules/library/package.json:1:1', '{']],
      says: ['picks library@2.0.0, but installed is 1.0.0'],
      fix: `migrations({ packages: { 'library': { version: '1.0.0' } } })`,
    },
    {
      files: own({ '1.js': migration() }),
      options: { packages: { libary: false } },
      severity: 'warning',
      at: [],
      says: ['names libary, which is not in the dependency tree'],
      fix: 'remove the entry',
    },
  ],
  MIG_B0208: [
    {
      files: library({ '1.js': '' }, { migrations: { path: 'db', format: 'knex' } }),
      at: [['node_modules/library/package.json:7:15', '"knex"']],
      says: ['library brings migrations of the format "knex".', BROUGHT],
      fix: `packages: { 'library': false }`,
    },
  ],
  MIG_B0209: [
    ...[
      '0001 init',
      'größe',
      '0001_init​',
      '-x',
      'con',
      'a/lpt1.x',
      'trailing.',
      "'; DROP TABLE x;--",
      'x'.repeat(201),
    ].map((name) => ({
      files: own({ '1.js': migration(`export const id = ${JSON.stringify(name)}`) }),
      at: [[`${M}/1.js:3:14`, 'id = ']] as const,
      says: ['of a migration of app '],
      fix: 'Give it another `id`, for example ',
    })),
    {
      files: library({ '1.js': migration() }, { migrations: { path: 'db', id: 'a b' } }),
      at: [['node_modules/library/package.json:7:11', '"a b"']],
      says: [
        'The name "a b" of a package that brings migrations is not made of letters, digits, `.`, `_` and `-` of ASCII',
        BROUGHT,
      ],
      fix: '"migrations": { "id": "<name>" }',
    },
    {
      files: library({ '1.js': migration() }, { migrations: { path: 'db', formerly: ['b\u0430nk'] } }),
      at: [['node_modules/library/package.json:7:17', '[']],
      says: [String.raw`The name "b\u{430}nk" of a package`, BROUGHT],
      fix: 'take it out of `formerly`',
    },
  ],
  MIG_B0210: [
    {
      files: own({ 'a/Init.js': migration(), 'a/init.js': migration() }),
      at: [
        [`${M}/a/Init.js:1:1`, 'export'],
        [`${M}/a/init.js:1:1`, 'export'],
      ],
      says: ['app:a/Init and app:a/init differ only in case.'],
      fix: 'Rename',
    },
  ],
  MIG_B0211: [
    {
      files: own({ '1.js': migration(), '1.ts': migration() }),
      at: [
        [`${M}/1.js:1:1`, 'export'],
        [`${M}/1.ts:1:1`, 'export'],
      ],
      says: ['1.js and 1.ts are both the migration 1.'],
      fix: 'Delete',
    },
    {
      files: own({ '1.sql': '-- uses: db\nselect 1', '1.sqlite.sql': 'select 1' }),
      at: [
        [`${M}/1.sql:1:1`, '-- uses'],
        [`${M}/1.sqlite.sql:1:1`, 'select'],
      ],
      says: ['1.sql and 1.sqlite.sql are both the migration 1.'],
      fix: 'another name',
    },
  ],
  MIG_B0212: [
    ...(
      [
        ['2.SQL', 'does not end with'],
        ['2.cts', 'does not end with'],
        ['2.tsx', 'does not end with'],
        ['2.down.sql', 'belongs to no 2.sql'],
        ['2.sqlite.down.sql', 'belongs to no 2.sqlite.sql'],
      ] as const
    ).map(([name, what]) => ({
      severity: 'warning' as const,
      files: own({ '1.js': migration(), [name]: 'select 1' }),
      at: [[`${M}/${name}:1:1`, 'select 1']] as const,
      says: [`<root>/migrations/${name} ${what}`],
      fix: '`_`',
    })),
    {
      severity: 'warning',
      files: own({ '1.js': migration(), '2.pg.sql': '-- uses: db\nselect 1' }),
      at: [[`${M}/2.pg.sql:1:1`, '-- uses']],
      says: [
        'does not name a dialect: those are postgres, sqlite, mysql',
        'So it is of the migration 2.pg, for every dialect.',
      ],
      fix: 'Rename it to 2.postgres.sql, or to 2_pg.sql where it is meant for all.',
    },
    ...(
      [
        ['deep/2.down.postgres.sql', '2.postgres.down.sql'],
        ['2.down.pg.sql', '2.postgres.down.sql'],
      ] as const
    ).map(([name, meant]) => ({
      severity: 'warning' as const,
      files: own({ '2.postgres.sql': '-- uses: db\nselect 1', [name]: 'select 0' }),
      at: [[`${M}/${name}:1:1`, 'select 0']] as const,
      says: [`<root>/migrations/${name} has its dialect behind \`.down\`, so it is no migration.`],
      fix: `Rename it to ${meant}, or begin its name with \`_\``,
    })),
  ],
  MIG_B0213: [
    {
      severity: 'warning',
      files: { 'package.json': pkg('app') },
      at: [['package.json:1:1', '{']],
      says: ['No migrations were found'],
      fix: 'Put the first one into the folder <root>/migrations',
    },
    {
      severity: 'warning',
      files: own({
        'README.md': '',
        '_helpers.ts': '',
        'index.ts': '',
        '.hidden/1.js': '',
        'a.test.ts': '',
        'b.d.ts': '',
      }),
      at: [['package.json:1:1', '{']],
      says: ['No migrations were found'],
      fix: 'path',
    },
  ],
  MIG_B0214: [
    {
      files: own({ '1.js': migration(), '2.sql': new Uint8Array([0x2d, 0x2d, 0xff]) }),
      at: [[`${M}/2.sql:1:1`, '--']],
      says: ['<root>/migrations/2.sql of the migration 2 cannot be read'],
      fix: 'UTF-8',
    },
  ],
  MIG_B0215: [
    {
      files: {
        ...library({ '1.js': migration() }, { migrations: { path: 'db', id: 'app' } }),
        [`${M}/1.js`]: migration(),
      },
      at: [
        ['package.json:3:14', '"1.0.0"'],
        ['node_modules/library/package.json:3:14', '"1.0.0"'],
      ],
      says: ['Several packages have the identity app'],
      fix: 'Give one of them another identity',
    },
  ],
}
