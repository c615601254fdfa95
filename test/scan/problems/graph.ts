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
      fix: "library:2 comes after library:1, the one above it; library:2 lists 'app:1' in `runBefore`",
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
  ],
  MIG_B0108: [
    {
      files: own({ '1.js': migration(`export const dependsOn = ['app:']`) }),
      at: [[`${M}/1.js:3:27`, `'app:'`]],
      says: ['which is no reference'],
      fix: '<package>:<name>',
    },
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
      says: ['app ends in 2 migrations: app:2, app:3.'],
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
}
