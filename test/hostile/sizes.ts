import { messagesOf } from '../../src/plugin/hosts/esbuild-message.ts'
import { formatDiagnostics } from '../../src/scan/report/format-diagnostic.ts'
import { scan } from '../../src/scan/scan.ts'
import { type Content, migration, pkg, tree } from '../scan/tree.ts'

type Files = Readonly<Record<string, Content>>

/** A tree that can be made of any size. */
export interface Size {
  readonly name: string
  /** How many of what there are. `small` takes part of a second. */
  readonly small: number
  readonly large: number
  files(count: number): Files
  /** What is said about it, each code once. */
  readonly codes: readonly string[]
}

const app = (files: Files): Files => ({ 'package.json': pkg('app'), ...files })
const one = (text: string): Files => app({ 'migrations/1.js': text })
const sql = (text: string): Files => app({ 'migrations/1.sql': text })
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, each) => each)
const many = (count: number, text: (each: number) => string, path = (each: number) => `migrations/${each}.js`): Files =>
  app(Object.fromEntries(numbers(count).map((each) => [path(each), text(each)])))

/** Long texts: one name, line or list of `count` characters or entries. */
export const LONG: readonly Size[] = [
  {
    name: 'an id',
    small: 10_000,
    large: 1_000_000,
    files: (count) => one(migration(`export const id = '${'x'.repeat(count)}'`)),
    codes: ['MIG_B0209'],
  },
  {
    name: 'the name of a field',
    small: 100_000,
    large: 1_000_000,
    files: (count) => one(migration(`export const d${'x'.repeat(count)} = 1`)),
    codes: ['MIG_B0303'],
  },
  {
    name: 'a reference, beside an id that is nearly the same',
    small: 20_000,
    large: 1_000_000,
    files: (count) =>
      app({
        'migrations/1.js': migration(`export const id = 'a${'x'.repeat(count)}'`),
        'migrations/2.js': migration(`export const dependsOn = ['app:${'x'.repeat(count)}b']`),
      }),
    codes: ['MIG_B0108', 'MIG_B0209'],
  },
  {
    name: 'labels',
    small: 20_000,
    large: 200_000,
    files: (count) =>
      one(
        migration(
          `export const labels = [\n${numbers(count)
            .map((each) => `  'l${each}',\n`)
            .join('')}]`,
        ),
      ),
    codes: [],
  },
  {
    name: 'unknown fields',
    small: 1_000,
    large: 100_000,
    files: (count) =>
      one(
        migration(
          numbers(count)
            .map((each) => `export const dependOn${each} = 1\n`)
            .join(''),
        ),
      ),
    codes: ['MIG_B0303'],
  },
  {
    name: 'steps without `up`',
    small: 1_000,
    large: 50_000,
    files: (count) =>
      one(
        `export const uses = { db: 'sql' }\nexport const steps = [\n${numbers(count)
          .map((each) => `{ name: 's${each}' },\n`)
          .join('')}]`,
      ),
    codes: ['MIG_B0306'],
  },
  {
    name: 'a line of SQL that is nearly a field',
    small: 100_000,
    large: 2_000_000,
    files: (count) => sql(`-- uses: db\n-- labels${' '.repeat(count)}x\n-- note: a${' '.repeat(count)}b\nselect 1`),
    codes: [],
  },
  {
    name: 'brackets in SQL',
    small: 200_000,
    large: 5_000_000,
    files: (count) => sql(`-- uses: db\nselect ${'['.repeat(count)}`),
    codes: [],
  },
  {
    name: 'quotes, comments and dollars in SQL',
    small: 50_000,
    large: 500_000,
    files: (count) => sql(`-- uses: db\nselect ${"/*a*/ 'b' $c$ $d$ [e] /* ".repeat(count)}`),
    codes: [],
  },
  {
    name: 'statements of SQL',
    small: 20_000,
    large: 500_000,
    files: (count) => sql(`-- uses: db\n${'insert into a values (1);\n'.repeat(count)}`),
    codes: [],
  },
  {
    name: 'code in code',
    small: 100_000,
    large: 2_000_000,
    files: (count) => one(migration(`const x = ${'['.repeat(count)}${']'.repeat(count)}`)),
    codes: ['MIG_B0301'],
  },
]

/** Many files. */
export const MANY: readonly Size[] = [
  { name: 'migrations', small: 100, large: 100_000, files: (count) => many(count, () => migration()), codes: [] },
  {
    name: 'files that are no migrations',
    small: 300,
    large: 1_000_000,
    files: (count) => ({
      ...many(
        count,
        () => '',
        (each) => `migrations/_assets/${each}.txt`,
      ),
      'migrations/1.js': migration(),
    }),
    codes: [],
  },
  {
    name: 'migrations that need one that is not there',
    small: 500,
    large: 20_000,
    files: (count) => many(count, (each) => migration(`export const dependsOn = ['app:x${each}']`)),
    codes: ['MIG_B0104'],
  },
  {
    name: 'ends',
    small: 100,
    large: 20_000,
    files: (count) => many(count, () => migration('export const parents = []')),
    codes: ['MIG_B0110'],
  },
  {
    name: 'migrations with one id',
    small: 100,
    large: 20_000,
    files: (count) => many(count, () => migration("export const id = 'same'")),
    codes: ['MIG_B0102'],
  },
  {
    name: 'migrations with one label',
    small: 100,
    large: 20_000,
    files: (count) => many(count, () => migration("export const labels = ['same']")),
    codes: [],
  },
  {
    name: 'migrations of a cycle',
    small: 100,
    large: 20_000,
    files: (count) =>
      many(count, (each) => migration(each === 0 ? `export const dependsOn = ['app:${count - 1}']` : '')),
    codes: ['MIG_B0101'],
  },
  {
    name: 'folders in each other',
    small: 120,
    large: 1_000,
    files: (count) => app({ [`migrations/${'d/'.repeat(count)}1.js`]: migration(), 'migrations/1.js': migration() }),
    codes: ['MIG_B0209'],
  },
  {
    name: 'links that lead to the folder around them',
    small: 50,
    large: 10_000,
    files: (count) =>
      app({
        'migrations/1.js': migration(),
        ...Object.fromEntries(numbers(count).map((each) => [`migrations/l${each}`, { link: 'migrations' }])),
      }),
    codes: ['MIG_B0212'],
  },
]

/** Scans a tree, prints what is wrong for every host, and answers what both took of the processor, in ms: a busy machine counts less. */
export async function take(
  { files }: Size,
  count: number,
): Promise<{ readonly codes: readonly string[]; readonly ms: number; readonly printed: number }> {
  const root = tree(files(count))
  const start = process.cpuUsage()
  const { diagnostics } = await scan({ root })
  const text = formatDiagnostics(diagnostics, root)
  const messages = messagesOf(diagnostics, root, root)
  const { user, system } = process.cpuUsage(start)
  const ms = (user + system) / 1000
  const codes = [...new Set(diagnostics.map(({ code }) => code))].toSorted()
  return { codes, ms, printed: text.length + JSON.stringify(messages).length }
}
