import type { BUILD_GRAPH } from '../../../src/diagnostics/build-graph.ts'
import { migration } from '../tree.ts'
import { type Fixtures, BROUGHT, library, M, own } from './fixture.ts'

export const GRAPH: Fixtures<keyof typeof BUILD_GRAPH> = {
  MIG_B0101: [
    {
      files: {
        ...library({ '1.js': migration(), '2.js': migration(`export const runBefore = ['app:1']`) }),
        'migrations/1.js': migration(`export const runBefore = ['library:1']`),
      },
      at: [
        ['node_modules/library/db/2.js:3:27', `'app:1']`],
        ['migrations/1.js:3:27', `'library:1']`],
      ],
      says: ['3 migrations wait for each other: library:1 → library:2 → app:1 → library:1.', 'library: app → library'],
      fix: "library:2 comes after library:1, the one above it, since it names no `parents`; library:2 lists 'app:1' in `runBefore`",
    },
  ],
  MIG_B0102: [
    {
      files: own({ '1.js': migration(), '2.js': migration(`export const id = '1'`) }),
      at: [
        [`${M}/1.js:1:1`, 'export const uses'],
        [`${M}/2.js:3:14`, `id = '1'`],
      ],
      says: ['<root>/migrations/1.js and <root>/migrations/2.js are both app:1.'],
      fix: 'Change the `id`',
    },
    {
      files: own({ '1.js': migration(), '2.js': migration(`export const formerly = ['app:1']`) }),
      at: [
        [`${M}/1.js:1:1`, 'export const uses'],
        [`${M}/2.js:3:26`, `'app:1'`],
      ],
      says: ['<root>/migrations/1.js and <root>/migrations/2.js (now app:2) are both app:1.'],
      fix: 'Take it out of `formerly`',
    },
  ],
  MIG_B0103: [
    {
      files: own({ '1.js': migration(`export const dependsOn = ['app:1']`) }),
      at: [[`${M}/1.js:3:27`, `'app:1'`]],
      says: ['app:1 lists "app:1" in `dependsOn`, which is itself.'],
      fix: 'Remove it from `dependsOn`.',
    },
    {
      files: own({ '1.js': migration(`export const conflictsWith = ['app:1']`) }),
      at: [[`${M}/1.js:3:31`, `'app:1'`]],
      says: ['in `conflictsWith`'],
      fix: 'Remove it',
    },
  ],
  MIG_B0104: [
    {
      files: {
        ...library({ '0001_init.js': migration() }),
        [`${M}/1.sql`]: '-- uses: db\n-- dependsOn: library:0001_int\nselect 1',
      },
      at: [[`${M}/1.sql:2:15`, 'library:0001_int']],
      says: ['app:1 lists "library:0001_int" in `dependsOn`, which does not exist.'],
      fix: `Did you mean 'library:0001_init'?`,
    },
  ],
  MIG_B0105: [
    {
      files: library({ '1.js': migration(`export const dependsOn = ['gone:1']`) }),
      at: [['node_modules/library/db/1.js:3:27', `'gone:1'`]],
      says: ['gone is not installed', BROUGHT],
      fix: '"optionalDependencies": { "gone": "*" }',
    },
    {
      files: own({ '1.js': migration(`export const runBefore = ['app2@base']`) }),
      at: [[`${M}/1.js:3:27`, `'app2@base'`]],
      says: ['app2 is not installed'],
      fix: 'Install',
    },
  ],
  MIG_B0106: [
    {
      files: {
        ...library({ '1.js': migration(), '2.js': migration() }),
        [`${M}/1.js`]: migration(`export const dependsOn = ['library']`),
      },
      at: [[`${M}/1.js:3:27`, `'library'`]],
      says: ['which is a package and not a migration'],
      fix: `'library:2', or 'library@base'`,
    },
  ],
  MIG_B0107: [
    {
      files: own({ '1.js': migration(), '2.js': migration(`export const dependsOn = ['1']`) }),
      at: [[`${M}/2.js:3:27`, `'1'`]],
      says: ['app:2 lists "1" in `dependsOn`, without its package.'],
      fix: `Write 'app:1'.`,
    },
    ...['conflictsWith', 'formerly'].map((field) => ({
      files: own({ '1.js': migration(`export const ${field} = ['0']`) }),
      at: [[`${M}/1.js:3:${17 + field.length + 1}`, `'0'`]] as const,
      says: [`app:1 lists "0" in \`${field}\`, without its package.`],
      fix: `Write 'app:0'`,
    })),
  ],
  MIG_B0108: [
    {
      files: own({ '1.js': migration(), '2.js': migration(`export const dependsOn = ['app:']`) }),
      at: [[`${M}/2.js:3:27`, `'app:'`]],
      says: ['which is no reference'],
      fix: '<package>:<name>',
    },
    ...['dependsOn', 'runBefore', 'replaces', 'conflictsWith', 'formerly'].map((field) => ({
      files: own({ '1.js': migration(`export const ${field} = ["b\u0430nk:'; drop table x;--"]`) }),
      at: [[`${M}/1.js:3:${17 + field.length + 1}`, '"']] as const,
      says: [
        String.raw`app:1 lists "b\u{430}nk:'; drop table x;--" in ` + `\`${field}\`, which is not made of letters`,
      ],
      fix: '<package>:<name>',
    })),
  ],
  MIG_B0109: [
    {
      files: own({ '0001_init.js': migration(), '2.js': migration(`export const parents = ['0001_intt']`) }),
      at: [[`${M}/2.js:3:25`, `'0001_intt'`]],
      says: ['app:2 lists "0001_intt" in `parents`, which is no migration of app.'],
      fix: `Did you mean '0001_init'?`,
    },
    {
      files: { ...library({ '1.js': migration() }), [`${M}/1.js`]: migration(`export const parents = ['library:1']`) },
      at: [[`${M}/1.js:3:25`, `'library:1'`]],
      says: ['which is no migration of app'],
      fix: "Move 'library:1' into `dependsOn`.",
    },
  ],
  MIG_B0110: [
    {
      files: own({ '1.js': migration(), '2.js': migration(), '3.js': migration(`export const parents = ['1']`) }),
      at: [
        [`${M}/2.js:1:1`, 'export'],
        [`${M}/3.js:3:14`, 'parents'],
      ],
      says: ['app ends in 2 migrations that no later one joins: app:2, app:3.'],
      fix: `parents: ['2', '3']`,
    },
  ],
  MIG_B0111: [
    {
      files: {
        ...library({ '1.js': migration() }),
        [`${M}/1.js`]: migration(`export const conflictsWith = ['library:1']`),
      },
      at: [
        [`${M}/1.js:3:31`, `'library:1'`],
        ['node_modules/library/db/1.js:1:1', 'export'],
      ],
      says: ['app:1 lists "library:1" in `conflictsWith`, and both are here.'],
      fix: `packages: { 'library': false }`,
    },
  ],
  MIG_B0112: [
    {
      files: own({
        '1.js': migration(`export const parents = ['3']`),
        '2.js': migration(),
        '3.js': migration(),
        '4.js': migration(),
      }),
      at: [[`${M}/1.js:3:25`, `'3'`]],
      says: ['3 migrations wait for each other: app:1 → app:2 → app:3 → app:1.'],
      fix: "app:1 lists '3' in `parents`",
    },
  ],
  MIG_B0113: [
    {
      files: {
        ...library({ '1.js': migration(`export const dependsOn = ['app:1']`) }),
        [`${M}/1.js`]: migration(`export const dependsOn = ['library:1']`),
      },
      at: [
        [`${M}/1.js:3:27`, `'library:1'`],
        ['node_modules/library/db/1.js:3:27', `'app:1'`],
      ],
      says: ['2 migrations wait for each other: library:1 → app:1 → library:1.'],
      fix: "app:1 lists 'library:1' in `dependsOn`",
    },
    {
      files: {
        ...library({ '1.js': migration(), '2.js': migration(`export const dependsOn = ['app:1']`) }),
        'node_modules/library/db/3.js': migration(`export const replaces = ['library:1', 'library:2']`),
        [`${M}/1.js`]: migration(`export const dependsOn = ['library:1']`),
      },
      at: [
        ['node_modules/library/db/3.js:3:39', `'library:2']`],
        ['node_modules/library/db/2.js:3:27', `'app:1']`],
      ],
      says: ['library:2 → library:3 → app:1 → library:2'],
      fix: 'app:1 comes after what library:3 replaces',
    },
    {
      files: own({
        '1.js': migration(),
        '2.js': migration(`export const dependsOn = ['app:0']`),
        '0.js': migration(`export const repeatable = 'onChange'`),
      }),
      at: [
        [`${M}/2.js:3:27`, `'app:0'`],
        [`${M}/0.js:3:14`, 'repeatable'],
      ],
      says: ['2 migrations wait for each other: app:0 → app:2 → app:0.'],
      fix: "app:2 lists 'app:0' in `dependsOn`; app:0 is repeatable, so it comes after app:2",
    },
  ],
  MIG_B0114: [
    {
      files: own({ '1.js': migration(), '2.js': migration(`export const parents = ['2', '1']`) }),
      at: [[`${M}/2.js:3:25`, `'2'`]],
      says: ['app:2 lists "2" in `parents`, which is itself.'],
      fix: 'Remove it from `parents`.',
    },
  ],
  MIG_B0115: [
    {
      files: own({
        '1.js': migration(`export const labels = ['billing']`),
        '2.js': migration(`export const parents = []; export const labels = ['billing']`),
        '3.js': migration(`export const parents = ['1', '2']`),
      }),
      at: [
        [`${M}/1.js:3:24`, `'billing'`],
        [`${M}/2.js:3:51`, `'billing'`],
      ],
      says: ['app:1 and app:2 carry the label "billing", and neither follows the other in its package.'],
      fix: 'Give one of them another label.',
    },
  ],
  MIG_B0116: [
    {
      files: own({ '1.js': migration(`export const labels = ['app']`) }),
      at: [[`${M}/1.js:3:24`, `'app'`]],
      says: ['The label "app" of app:1 is the name of a package.'],
      fix: 'Choose another label.',
    },
    {
      files: own({ '1.js': migration(`export const labels = ['x@y']`) }),
      at: [[`${M}/1.js:3:24`, `'x@y'`]],
      says: ['The label "x@y" of app:1 is not made of letters, digits and ._/-.'],
      fix: 'Choose another label.',
    },
  ],
  MIG_B0117: [
    {
      files: own({
        '1.js': migration(),
        '2.js': migration(),
        '3.js': migration(`export const replaces = ['app:1']`),
        '4.js': migration(`export const replaces = ['app:1', 'app:2']`),
      }),
      at: [
        [`${M}/4.js:3:26`, `'app:1'`],
        [`${M}/3.js:3:26`, `'app:1'`],
      ],
      says: ['app:4 lists "app:1" in `replaces`, which app:3 replaces too.'],
      fix: "Where app:4 is the newer one, list 'app:3' in its `replaces` as well.",
    },
  ],
}
