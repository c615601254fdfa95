import { migration, stepped } from '../tree.ts'
import { BROUGHT, type Fixtures, library, M, own } from './fixture.ts'

export const CODE: Fixtures<
  | 'MIG_B0306'
  | 'MIG_B0307'
  | 'MIG_B0308'
  | 'MIG_B0309'
  | 'MIG_B0310'
  | 'MIG_B0311'
  | 'MIG_B0312'
  | 'MIG_B0313'
  | 'MIG_B0314'
> = {
  MIG_B0306: [
    {
      files: own({ '1.js': `export const uses = { db: 'sql' }\nexport async function down() {}\n` }),
      at: [[`${M}/1.js:1:1`, 'export']],
      says: ['There is no `up`.'],
      fix: 'export async function up({ db })',
    },
    {
      files: own({ '1.js': stepped('') }),
      at: [[`${M}/1.js:3:22`, '[]']],
      says: ['There is no step.'],
      fix: "{ name: 'copy', async up({ db }) { … } }",
    },
    {
      files: own({ '1.js': stepped(`{ name: 'a', down() {} }`) }),
      at: [[`${M}/1.js:3:25`, 'name']],
      says: ['The step has no `up`.'],
      fix: 'async up({ db })',
    },
  ],
  MIG_B0307: [
    ...[
      'id',
      'attempt',
      'tenant',
      'signal',
      'params',
      'log',
      'progress',
      'checkpoint',
      '__proto__',
      'constructor',
      'toString',
      'a-b',
    ].map((role) => ({
      files: own({ '1.js': `export const uses = { db: 'sql', '${role}': 'kv' }\nexport function up() {}` }),
      at: [[`${M}/1.js:1:34`, `'${role}'`]] as const,
      says: [`The role name \`${role}\``],
      fix: 'Choose another name',
    })),
    {
      files: own({ '1.sql': '-- uses: log\nselect 1' }),
      at: [[`${M}/1.sql:1:10`, 'log']],
      says: ['The role name `log` is reserved'],
      fix: 'Choose another name',
    },
    {
      files: library({ '1.sql': 'select 1' }, { migrations: { path: 'db', uses: { signal: 'sql' } } }),
      at: [['node_modules/library/package.json:7:13', '{']],
      says: ['The role name `signal` of library is reserved', BROUGHT],
      fix: 'Choose another name',
    },
  ],
  MIG_B0308: [
    {
      files: own({ '1.js': `export const uses = {\n  db: '',\n}\nexport function up() {}` }),
      at: [[`${M}/1.js:2:7`, `''`]],
      says: ['The role `db` has no kind.'],
      fix: `{ db: 'sql' }`,
    },
    {
      files: own({ '1.js': `export function up() {}\nexport const uses = {}` }),
      at: [[`${M}/1.js:2:14`, 'uses = {}']],
      says: ['The migration uses no storage.'],
      fix: `export const uses = { db: 'sql' }`,
    },
  ],
  MIG_B0309: [
    {
      files: own({ '1.sql': 'select 1' }),
      at: [[`${M}/1.sql:1:1`, 'select']],
      says: ['The package has no role of kind sql'],
      fix: 'Begin the file with this line: -- uses: db',
    },
    {
      files: own({
        '1.sql': '\n-- what this does\nselect 1',
        '2.js': `export const uses = { main: 'sql', other: 'sql' }\nexport function up() {}`,
      }),
      at: [[`${M}/1.sql:1:1`, '']],
      says: ['several roles of kind sql (main, other)'],
      fix: '-- uses: main',
    },
    {
      files: own({ '1.sql': '-- uses: db, other\nselect 1' }),
      at: [[`${M}/1.sql:1:4`, 'uses']],
      says: ['A `.sql` file runs on one storage.'],
      fix: '-- uses: db',
    },
    {
      files: own({ '1.sql': '-- uses:\nselect 1' }),
      at: [[`${M}/1.sql:1:4`, 'uses']],
      says: ['A `.sql` file runs on one storage.'],
      fix: '-- uses: db',
    },
  ],
  MIG_B0310: [
    {
      files: own({ '1.sql': '-- uses: db\r\ncreate table t (x);\r\n  commit;\r\n' }),
      at: [[`${M}/1.sql:3:3`, 'commit;']],
      says: ['COMMIT inside a migration.'],
      fix: 'Remove COMMIT',
    },
    {
      files: own({ '1.sql': '-- uses: db\nselect 1', '1.down.sql': 'begin transaction' }),
      at: [[`${M}/1.down.sql:1:1`, 'begin']],
      says: ['BEGIN inside a migration.'],
      fix: 'Remove BEGIN',
    },
  ],
  MIG_B0311: [
    ...(
      [
        ['enum Size { S }', '3:1', 'enum', '`enum`'],
        ['namespace N { export const x = 1 }', '3:1', 'namespace', '`namespace`'],
        ['class C { constructor(private x: string) {} }', '3:23', 'private x', 'a parameter property'],
        [`import fs = require('fs')`, '3:1', 'import fs', '`import =`'],
        ['function d(x: unknown) {}\n@d class C {}', '4:1', '@d', 'a decorator'],
      ] as const
    ).map(([line, at, text, what]) => ({
      files: own({ '1.ts': migration(line) }),
      at: [[`${M}/1.ts:${at}`, text]] as const,
      says: [`A migration cannot contain ${what}.`],
      fix: 'types that can be erased',
    })),
    {
      files: own({
        '1.ts': `import { Page } from './_page.tsx'\n${migration('Page()')}`,
        '_page.tsx': 'export const Page = () => <p>1</p>',
      }),
      at: [[`${M}/_page.tsx:1:27`, '<p>']],
      says: ['JSX'],
      fix: 'JavaScript',
    },
  ],
  MIG_B0312: (
    [
      [`import { x } from '../src/x.js'`, '1:19', `'../src/x.js'`, 'leads out of the folder'],
      [`import { x } from '@/x'`, '1:19', `'@/x'`, 'is an alias'],
      [`import { x } from '#internal'`, '1:19', `'#internal'`, 'is an alias'],
      [`const x = import.meta.url`, '1:11', 'import.meta.url', '`import.meta.url`'],
      [`const x = await import(process.argv[2])`, '1:17', 'import(', 'computed'],
      [`const x = __dirname`, '1:11', '__dirname', '`__dirname`'],
    ] as const
  ).map(([line, at, text, what]) => ({
    severity: 'warning' as const,
    files: { ...own({ '1.js': `${line}\nx()\n${migration()}` }), 'src/x.js': 'export const x = 1' },
    at: [[`${M}/1.js:${at}`, text]] as const,
    says: [what],
    fix: 'Freeze it',
  })),
  MIG_B0313: [
    {
      files: own({ '1.js': `import { x } from './_gone.js'\nx()\n${migration()}` }),
      at: [[`${M}/1.js:1:19`, `'./_gone.js'`]],
      says: ['`./_gone.js` leads to no file.'],
      fix: 'Correct the path',
    },
  ],
  MIG_B0314: [
    {
      files: own({
        '1.js': `export default { uses: { db: 'sql' }, up() {} }\nexport const dependsOn = ['a:1']\nexport const helper = 1`,
      }),
      at: [[`${M}/1.js:2:14`, 'dependsOn']],
      says: ['`dependsOn` stands beside a default export'],
      fix: 'Move it into the default export.',
    },
  ],
}
