import { migration, stepped } from '../tree.ts'
import { BROUGHT, type Fixtures, library, M, own } from './fixture.ts'

const A_STEP = `{ name: 'a', up() {} }`

export const TRAITS: Fixtures<'MIG_B0315' | 'MIG_B0316' | 'MIG_B0317'> = {
  MIG_B0315: [
    ...(
      [
        ['export function up() {}', '4:17', 'up()', 'Move it into the steps.'],
        ['export function down() {}', '4:17', 'down()', 'or write down: false'],
        ['export const probe = async () => true', '4:14', 'probe', 'Move it into the steps.'],
        ['export const transaction = false', '4:14', 'transaction', 'Move it into the steps.'],
        ['export const idempotent = true', '4:14', 'idempotent', 'Move it into the steps.'],
      ] as const
    ).map(([line, at, text, fix]) => ({
      files: own({ '1.js': stepped(A_STEP, line) }),
      at: [[`${M}/1.js:${at}`, text]] as const,
      says: ['stands beside `steps`: each step says it for itself.'],
      fix,
    })),
    ...(
      [
        ['export function down() {}', '3:17', 'down()', 'or write down: false'],
        [`export const replaces = ['app:0']`, '3:14', 'replaces', 'Remove one'],
        [`export const parents = []`, '3:14', 'parents', '`dependsOn`'],
        [`export const labels = ['a']`, '3:14', 'labels', 'Remove it'],
      ] as const
    ).map(([line, at, text, fix]) => ({
      files: own({ '1.js': migration(`${line}\nexport const repeatable = 'onChange'`) }),
      at: [[`${M}/1.js:${at}`, text]] as const,
      says: ['stands beside `repeatable`'],
      fix,
    })),
    {
      files: own({ '1.js': stepped(A_STEP, `export const repeatable = 'always'`) }),
      at: [[`${M}/1.js:3:14`, 'steps']],
      says: ['`steps` stands beside `repeatable`: it runs as a whole each time.'],
      fix: 'Write one `up`.',
    },
    {
      files: own({ '1.sql': '-- uses: db\n-- repeatable: onChange\nselect 1', '1.down.sql': 'select 2' }),
      at: [[`${M}/1.sql:1:1`, '-- uses']],
      says: ['`down` stands beside `repeatable`'],
      fix: 'Remove it',
    },
  ],
  MIG_B0316: (
    [
      ['{ up() {} }', '3:23', '{ up', 'The step has no name.', "name: 'copy'"],
      [
        `{ name: 'two words', up() {} }`,
        '3:25',
        'name',
        'The name of the step "two words" is not made of letters',
        'Rename it.',
      ],
      [`${A_STEP}, ${A_STEP}`, '3:49', 'name', 'Two steps have the name `a`.', 'Rename'],
      [
        `{ name: 'a', uses: ['db', 'cache'], up() {} }`,
        '3:49',
        `'cache'`,
        'The step uses `cache`',
        'The roles are db.',
      ],
      [`{ name: 'a', uses: [], up() {} }`, '3:36', 'uses', 'The step uses no storage.', 'Name a role'],
    ] as const
  ).map(([steps, at, text, says, fix]) => ({
    files: own({ '1.js': stepped(steps) }),
    at: [[`${M}/1.js:${at}`, text]] as const,
    says: [says],
    fix,
  })),
  MIG_B0317: [
    {
      files: {
        ...library({ '1.js': migration(`export const deferrable = true`) }),
        [`${M}/1.js`]: migration(`export const dependsOn = ['library:1']`),
      },
      at: [
        [`${M}/1.js:3:27`, `'library:1'`],
        ['node_modules/library/db/1.js:3:14', 'deferrable'],
      ],
      says: ['app:1 lists "library:1" in `dependsOn`, but library:1 is deferrable'],
      fix: 'Make app:1 deferrable as well, or library:1 not.',
    },
    {
      files: own({
        '1.sql': '-- uses: db\n-- deferrable\nselect 1',
        '2.js': migration(`export const parents = ['1']`),
      }),
      at: [
        [`${M}/2.js:3:25`, `'1'`],
        [`${M}/1.sql:2:4`, 'deferrable'],
      ],
      says: ['app:2 lists "1" in `parents`, but app:1 is deferrable'],
      fix: 'Make app:2 deferrable',
    },
    {
      files: {
        ...library({ '1.js': migration(`export const repeatable = 'always', runBefore = ['app:1']`) }),
        [`${M}/1.js`]: migration(`export const repeatable = 'onChange'`),
      },
      at: [
        ['node_modules/library/db/1.js:3:50', `'app:1'`],
        ['node_modules/library/db/1.js:3:14', 'repeatable'],
      ],
      says: ['library:1 lists "app:1" in `runBefore`, but library:1 always runs, after everything else.', BROUGHT],
      fix: 'Remove it from `runBefore`, or let library:1 run once.',
    },
  ],
}
