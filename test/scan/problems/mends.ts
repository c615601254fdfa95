import type { ScanOptions } from '../../../src/scan/options.ts'
import { type Content, migration, pkg } from '../tree.ts'
import type { ScanCode } from './every.ts'
import { M } from './fixture.ts'
import { LOCK_MENDS } from './lock.ts'

/** One thing to do in the tree of a fixture, or in the options of the plugin. */
export type Step =
  | { readonly in: string; readonly replace: string; readonly by: string }
  | { readonly write: string; readonly content: Content }
  | { readonly move: string; readonly to: string }
  | { readonly remove: string }
  /** The command `lock`, with what it accepts. */
  | { readonly lock: readonly string[] }
  | { readonly options: Partial<ScanOptions> }

/** What the fix of a code's first fixture says to do. */
export interface Mend {
  readonly steps: readonly Step[]
  /** What the fix says word for word, and a step types. */
  readonly types?: string
}

const LIBRARY = 'node_modules/library'

/** The type asks for one of every code. */
export const MENDS: Readonly<Record<ScanCode, Mend>> = {
  ...LOCK_MENDS,
  MIG_B0101: { steps: [{ in: `${M}/1.js`, replace: "export const runBefore = ['library:1']", by: '' }] },
  MIG_B0102: { steps: [{ in: `${M}/2.js`, replace: "id = '1'", by: "id = '2'" }] },
  MIG_B0103: { steps: [{ in: `${M}/1.js`, replace: "export const dependsOn = ['app:1']", by: '' }] },
  MIG_B0104: {
    types: 'library:0001_init',
    steps: [{ in: `${M}/1.sql`, replace: 'library:0001_int', by: 'library:0001_init' }],
  },
  MIG_B0105: {
    types: '"optionalDependencies": { "gone": "*" }',
    steps: [
      {
        in: `${LIBRARY}/package.json`,
        replace: '"type"',
        by: '"optionalDependencies": { "gone": "*" },\n  "type"',
      },
    ],
  },
  MIG_B0106: { types: "'library:2'", steps: [{ in: `${M}/1.js`, replace: "'library'", by: "'library:2'" }] },
  MIG_B0107: { types: "'app:1'", steps: [{ in: `${M}/2.js`, replace: "['1']", by: "['app:1']" }] },
  MIG_B0108: { types: "@base'", steps: [{ in: `${M}/2.js`, replace: "'app:'", by: "'app@base'" }] },
  MIG_B0109: { types: "'0001_init'", steps: [{ in: `${M}/2.js`, replace: "'0001_intt'", by: "'0001_init'" }] },
  MIG_B0110: {
    types: "['2', '3']",
    steps: [{ write: `${M}/4.js`, content: migration("export const parents = ['2', '3']") }],
  },
  MIG_B0111: { steps: [{ options: { packages: { library: false } } }] },
  MIG_B0112: { steps: [{ in: `${M}/1.js`, replace: "export const parents = ['3']", by: '' }] },
  MIG_B0113: { steps: [{ in: `${M}/1.js`, replace: "export const dependsOn = ['library:1']", by: '' }] },
  MIG_B0114: { steps: [{ in: `${M}/2.js`, replace: "'2', ", by: '' }] },
  MIG_B0115: { steps: [{ in: `${M}/2.js`, replace: "'billing'", by: "'invoices'" }] },
  MIG_B0116: { steps: [{ in: `${M}/1.js`, replace: "'app'", by: "'billing'" }] },
  MIG_B0117: { types: "'app:3'", steps: [{ in: `${M}/4.js`, replace: "['app:1'", by: "['app:3', 'app:1'" }] },
  MIG_B0201: { types: '"name": "', steps: [{ in: 'package.json', replace: '{ "dep', by: '{ "name": "app", "dep' }] },
  MIG_B0202: { steps: [{ write: 'node_modules/broken/package.json', content: pkg('broken') }] },
  MIG_B0203: {
    types: '"unplugin-migrations": "',
    steps: [{ write: 'package.json', content: '{ "name": "app", "unplugin-migrations": "migrations" }' }],
  },
  MIG_B0204: { steps: [{ write: `${LIBRARY}/dist/migrations/1.js`, content: migration() }] },
  MIG_B0205: {
    types: '"migrations": "dist/migrations"',
    steps: [
      { in: `${LIBRARY}/package.json`, replace: '"migrations": "../other"', by: '"migrations": "dist/migrations"' },
      { write: `${LIBRARY}/dist/migrations/1.js`, content: migration() },
    ],
  },
  MIG_B0206: { types: '2.0.0', steps: [{ options: { packages: { library: { version: '2.0.0' } } } }] },
  MIG_B0207: { steps: [{ options: { packages: {} } }] },
  MIG_B0208: {
    steps: [{ write: `${M}/1.js`, content: migration() }, { options: { packages: { library: false } } }],
  },
  MIG_B0209: { types: '0001_init', steps: [{ in: `${M}/1.js`, replace: '0001 init', by: '0001_init' }] },
  MIG_B0210: { steps: [{ move: `${M}/a/init.js`, to: `${M}/a/second.js` }] },
  MIG_B0211: { steps: [{ remove: `${M}/1.js` }] },
  MIG_B0212: { steps: [{ move: `${M}/2.SQL`, to: `${M}/_2.SQL` }] },
  MIG_B0213: { types: 'migrations', steps: [{ write: 'migrations/1.js', content: migration() }] },
  MIG_B0214: { steps: [{ write: `${M}/2.sql`, content: '-- uses: db\nselect 1' }] },
  MIG_B0215: {
    types: '"id": "',
    steps: [{ in: `${LIBRARY}/package.json`, replace: '"id": "app"', by: '"id": "library"' }],
  },
  MIG_B0301: {
    steps: [{ in: `${M}/1.ts`, replace: " 'x',\n}", by: ',\n}\nexport function up() {}' }],
  },
  MIG_B0302: { steps: [{ in: `${M}/1.js`, replace: '[name()]', by: '[]' }] },
  MIG_B0303: {
    types: 'dependsOn',
    steps: [
      { in: `${M}/1.js`, replace: 'dependOn', by: 'dependsOn' },
      { write: `${M}/0.js`, content: migration() },
    ],
  },
  MIG_B0305: {
    types: "['",
    steps: [
      { in: `${M}/1.js`, replace: "'app:0'", by: "['app:0']" },
      { write: `${M}/0.js`, content: migration() },
    ],
  },
  MIG_B0306: {
    types: 'export async function up({ db }) {',
    steps: [{ in: `${M}/1.js`, replace: 'export async', by: 'export async function up({ db }) {}\nexport async' }],
  },
  MIG_B0307: { types: 'idStorage', steps: [{ in: `${M}/1.js`, replace: "'id': 'kv'", by: "idStorage: 'kv'" }] },
  MIG_B0308: { types: "db: 'sql'", steps: [{ in: `${M}/1.js`, replace: "db: ''", by: "db: 'sql'" }] },
  MIG_B0309: {
    types: '-- uses: db',
    steps: [{ in: `${M}/1.sql`, replace: 'select 1', by: '-- uses: db\nselect 1' }],
  },
  MIG_B0310: { steps: [{ in: `${M}/1.sql`, replace: '  commit;\r\n', by: '' }] },
  MIG_B0311: { steps: [{ in: `${M}/1.ts`, replace: 'enum Size { S }', by: 'void ({ S: 0 } as const)' }] },
  MIG_B0312: {
    types: '_helpers.ts',
    steps: [
      { move: 'src/x.js', to: `${M}/_helpers.ts` },
      { in: `${M}/1.js`, replace: '../src/x.js', by: './_helpers.ts' },
    ],
  },
  MIG_B0313: { steps: [{ write: `${M}/_gone.js`, content: 'export const x = () => {}' }] },
  MIG_B0314: {
    steps: [
      { in: `${M}/1.js`, replace: "export const dependsOn = ['a:1']\n", by: '' },
      { in: `${M}/1.js`, replace: 'up() {} }', by: "up() {}, dependsOn: ['app:0'] }" },
      { write: `${M}/0.js`, content: migration() },
    ],
  },
  MIG_B0315: { steps: [{ in: `${M}/1.js`, replace: 'export function up() {}', by: '' }] },
  MIG_B0316: { types: "name: 'copy'", steps: [{ in: `${M}/1.js`, replace: '{ up', by: "{ name: 'copy', up" }] },
  MIG_B0317: {
    steps: [{ in: `${M}/1.js`, replace: 'export const dep', by: 'export const deferrable = true\nexport const dep' }],
  },
}
