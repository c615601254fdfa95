import { migration, stepped } from '../tree.ts'
import { type Fixtures, M, own } from './fixture.ts'

export const METADATA: Fixtures<'MIG_B0301' | 'MIG_B0302' | 'MIG_B0303' | 'MIG_B0305'> = {
  MIG_B0301: [
    {
      files: own({ '1.ts': `export const uses = {\n  db: 'sql' 'x',\n}\n` }),
      at: [[`${M}/1.ts:2:13`, `'x'`]],
      says: ['Expected'],
      fix: 'Correct the syntax.',
    },
    {
      files: own({ '1.js': `import './_helper.js'\n${migration()}`, '_helper.js': 'const = 1' }),
      at: [[`${M}/_helper.js:1:7`, '= 1']],
      says: ['Unexpected token'],
      fix: 'Correct the syntax.',
    },
  ],
  MIG_B0302: [
    ...(
      [
        [`export const dependsOn = [name()]`, '3:27', 'name()'],
        [`export const dependsOn = [...others]`, '3:27', '...others'],
        ['export const dependsOn = [`a:${1}`]', '3:27', '`a:'],
        [`export const id = (steal(), 'x')`, '3:20', `steal()`],
        [`export const labels = condition ? ['a'] : ['b']`, '3:23', 'condition'],
        [`export { dependsOn } from './_edges.js'`, '3:10', 'dependsOn }'],
        [`export * from './_edges.js'`, '3:1', 'export *'],
        [`export const { labels } = {}`, '3:14', '{ labels }'],
        [`export function labels() {}`, '3:17', 'labels()'],
        [`let ids = ['a:1']\nexport { ids as dependsOn }`, '4:10', 'ids as dependsOn'],
        [`export const deferrable = process.env.CI === 'x'`, '3:27', 'process'],
        [`export const repeatable = mode`, '3:27', 'mode'],
        [`export const steps = stepsOf(3)`, '3:22', 'stepsOf'],
        [`export { steps } from './_edges.js'`, '3:10', 'steps }'],
      ] as const
    ).map(([line, at, text]) => ({
      files: own({ '1.js': migration(line), '_edges.js': 'export const dependsOn = []' }),
      at: [[`${M}/1.js:${at}`, text]] as const,
      says: [],
      fix: 'Write the value itself',
    })),
    ...(
      [
        [`export default { uses: { db: kind }, up() {} }`, '1:30', 'kind }'],
        [`export default { ...base, up() {} }`, '1:18', '...base'],
        [`export default { get uses() { return {} }, up() {} }`, '1:18', 'get uses'],
        [`export default { ['uses']: {}, up() {} }`, '1:18', `['uses']`],
        [`const uses = { db: 'sql' }\nexport default { uses, up() {} }`, '2:18', 'uses, up'],
        [`export default make({ up() {} })`, '1:16', 'make('],
        [`export default class { up() {} }`, '1:16', 'class'],
        [`export { default } from './_edges.js'`, '1:10', 'default }'],
      ] as const
    ).map(([text, at, there]) => ({
      files: own({ '1.js': text, '_edges.js': 'export default {}' }),
      at: [[`${M}/1.js:${at}`, there]] as const,
      says: [],
      fix: 'Write the value itself',
    })),
    ...(
      [
        [`...others`, '3:23', '...others', 'Write the step itself'],
        [`step`, '3:23', 'step', 'Write the step itself'],
        [`, { name: 'a' }`, '3:22', '[, {', 'Write the step itself'],
        [`{ name: name(), up() {} }`, '3:31', 'name()', 'Write the value itself'],
        [`{ name: 'a', uses: [db], up() {} }`, '3:43', 'db]', 'Write the value itself'],
        [`{ name: 'a', ...shared }`, '3:36', '...shared', 'Write the value itself'],
      ] as const
    ).map(([step, at, text, fix]) => ({
      files: own({ '1.js': stepped(step) }),
      at: [[`${M}/1.js:${at}`, text]] as const,
      says: ['executed'].slice(0, step.includes('()') || step.includes('[db]') ? 1 : 0),
      fix,
    })),
    {
      files: own({ '1.cjs': `module.exports = require('./_edges.cjs')`, '_edges.cjs': '' }),
      at: [[`${M}/1.cjs:1:18`, 'require']],
      says: ['this default export'],
      fix: 'Write the value itself',
    },
  ],
  MIG_B0303: [
    {
      files: own({ '1.js': migration(`export const dependOn = ['app:0']`) }),
      at: [[`${M}/1.js:3:14`, 'dependOn']],
      says: ['`dependOn` is not a field of a migration.'],
      fix: 'Did you mean `dependsOn`?',
    },
    {
      files: own({ '1.js': `export default { uses: { db: 'sql' }, up() {}, dwon() {} }` }),
      at: [[`${M}/1.js:1:48`, 'dwon']],
      says: ['`dwon`'],
      fix: 'Did you mean `down`?',
    },
    {
      files: own({ '1.js': migration(`export const somethingElse = 1`) }),
      at: [[`${M}/1.js:3:14`, 'somethingElse']],
      says: ['`somethingElse`'],
      fix: 'The fields are id, uses,',
    },
    {
      files: own({ '1.js': stepped(`{ name: 'a', up() {}, verify() {} }`) }),
      at: [[`${M}/1.js:3:45`, 'verify']],
      says: ['`verify` is not a field of a step.'],
      fix: 'The fields are name, uses,',
    },
    {
      files: own({ '1.sql': '-- Note: prose\n-- uses: db\n-- dependson: a:1\nselect 1' }),
      at: [[`${M}/1.sql:3:4`, 'dependson']],
      says: ['`dependson`'],
      fix: 'Did you mean `-- dependsOn: …`?',
    },
  ],
  MIG_B0305: [
    ...(
      [
        [`export const dependsOn = 'app:0'`, '3:26', `'app:0'`, 'a list of texts'],
        [`export const labels = [1]`, '3:23', '[1]', 'a list of texts'],
        [`export const id = 7`, '3:19', '7', 'a text'],
        [`export const idempotent = 'yes'`, '3:27', `'yes'`, 'true or false'],
        [`export const down = null`, '3:21', 'null', 'a function, or false'],
        [`export const verify = 'ok'`, '3:23', `'ok'`, 'a function'],
        [`export const transaction = true`, '3:28', 'true', 'false'],
        [`export const deferrable = 'later'`, '3:27', `'later'`, 'true or false'],
        [`export const repeatable = true`, '3:27', 'true', `'onChange' or 'always'`],
        [`export const repeatable = 'onchange'`, '3:27', `'onchange'`, `'onChange' or 'always'`],
        [`export const when = false`, '3:21', 'false', 'a function'],
        [`export const probe = 'select 1'`, '3:22', `'select 1'`, 'a function'],
        [`export const steps = 3`, '3:22', '3', 'a list of steps'],
      ] as const
    ).map(([line, at, text, expected]) => ({
      files: own({ '1.js': migration(line) }),
      at: [[`${M}/1.js:${at}`, text]] as const,
      says: [`is not ${expected}`],
      fix: `Write ${expected}`,
    })),
    ...(
      [
        ['transaction', '2:4', 'false'],
        ['transaction: true', '2:17', 'false'],
        ['repeatable', '2:4', `'onChange' or 'always'`],
        ['repeatable: true', '2:16', `'onChange' or 'always'`],
        ['repeatable: daily', '2:16', `'onChange' or 'always'`],
        ['deferrable: yes', '2:16', 'true or false'],
      ] as const
    ).map(([line, at, expected]) => ({
      files: own({ '1.sql': `-- uses: db\n-- ${line}\nselect 1` }),
      at: [[`${M}/1.sql:${at}`, line.slice(Number(at.slice(2)) - 4)]] as const,
      says: [`is not ${expected}`],
      fix: `Write ${expected}`,
    })),
    {
      files: own({ '1.js': stepped(`{ name: 'a', up: 1 }`) }),
      at: [[`${M}/1.js:3:40`, '1 }']],
      says: ['`up` is not a function.'],
      fix: 'Write a function',
    },
    {
      files: own({ '1.sql': '-- uses: db\n-- labels: a\n-- labels: b\nselect 1' }),
      at: [[`${M}/1.sql:3:4`, 'labels: b']],
      says: ['`labels` is written twice.'],
      fix: 'Write it once.',
    },
    {
      files: own({ '1.postgres.sql': '-- uses: db\nselect 1', '1.sqlite.sql': '-- uses: other\nselect 1' }),
      at: [[`${M}/1.sqlite.sql:1:4`, 'uses']],
      says: ['The fields differ from those of <root>/migrations/1.postgres.sql.'],
      fix: 'Write the same fields in all variants',
    },
  ],
}
