import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BUILD_LOCK } from '../../../src/diagnostics/build-lock.ts'
import { scan } from '../../../src/scan/scan.ts'
import { type Content, pkg, write } from '../tree.ts'
import { type Fixtures, M, own } from './fixture.ts'
import type { Mend } from './mends.ts'

type Files = Readonly<Record<string, Content>>

/** As in CI. The plugin has an option of its own for it. */
const FROZEN = { lock: { mode: 'frozen', accept: [] }, frozen: true } as const

/** What the command `lock` writes for these files, beside a lock file that is among them. */
async function lockOf(files: Files, accept: readonly string[] = []): Promise<string> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lock-')))
  try {
    write(root, files)
    const { lock } = await scan({ root, lock: { mode: 'review', accept } })
    return lock?.file.after ?? ''
  } finally {
    rmSync(root, { recursive: true })
  }
}

const table = (name: string, head = ''): string => `-- uses: db\n${head}create table ${name} (id integer);\n`
const ONE = own({ '1.sql': table('one') })
const TWO = own({ '1.sql': table('one'), '2.sql': table('two') })
const LOCKED = await lockOf(ONE)
const NEEDING = own({ '1.sql': table('one'), '2.sql': table('two', '-- dependsOn: app:1\n') })
const RETIRED = await lockOf({ ...ONE, 'migrations.lock': await lockOf(TWO) }, ['app:2'])
const [marked = '', lines = ''] = LOCKED.split(/(?<=\n)(?=app )/)
const CONFLICT = `${marked}<<<<<<< ours\n${lines}=======\n${lines.replace('1.0.0', '1.0.1')}>>>>>>> theirs\n`
const BILLING = {
  'package.json': pkg('app', { dependencies: { billing: '1' } }),
  'node_modules/billing/package.json': pkg('billing', { migrations: 'db' }),
  'node_modules/billing/db/1.sql': table('bills'),
}

/** The last commit counts for nothing: the trees are in no repository. */
export const LOCK: Fixtures<keyof typeof BUILD_LOCK> = {
  MIG_B0501: [
    {
      files: { ...ONE, 'migrations.lock': LOCKED.replace(' v1', ' v2') },
      options: FROZEN,
      at: [['migrations.lock:1:1', 'migrations.lock v2']],
      says: ['line 1', 'the first line is not "migrations.lock v1"'],
      fix: 'Update unplugin-migrations',
    },
  ],
  MIG_B0502: [
    {
      files: { ...ONE, 'migrations.lock': CONFLICT.replace(/^=+\n[^]*>{7} theirs\n/m, '') },
      options: FROZEN,
      at: [['migrations.lock:4:1', '<<<<<<< ours']],
      says: ['line 4', 'a marker of a merge'],
      fix: 'npx unplugin-migrations lock',
    },
  ],
  MIG_B0503: [
    {
      files: { ...ONE, 'migrations.lock': `${LOCKED}  2 nonsense\n` },
      options: FROZEN,
      at: [['migrations.lock:6:1', '  2 nonsense']],
      says: ['line 6', 'a hash is expected behind the name'],
      fix: 'Take the file back from Git',
    },
  ],
  MIG_B0504: [
    {
      files: { ...ONE, 'migrations.lock': LOCKED.replace(' 1.0.0', ' 1.0.1') },
      options: FROZEN,
      at: [['migrations.lock:4:1', 'app ']],
      says: ['the digest of app is not that of its lines'],
      fix: 'npx unplugin-migrations lock',
    },
  ],
  MIG_B0505: [
    {
      files: { ...own({ '1.sql': table('other') }), 'migrations.lock': LOCKED },
      options: FROZEN,
      at: [
        [`${M}/1.sql:1:1`, '-- uses: db'],
        ['migrations.lock:5:1', '  1 h'],
      ],
      says: ['app:1 is committed, and does something else now'],
      fix: 'npx unplugin-migrations lock --accept app:1',
    },
  ],
  MIG_B0506: [
    {
      files: { ...ONE, 'migrations.lock': await lockOf(TWO) },
      options: FROZEN,
      at: [['migrations.lock:6:1', '  2 h']],
      says: ['app:2 of app is gone.'],
      fix: 'npx unplugin-migrations lock --accept app:2',
    },
  ],
  MIG_B0507: [
    {
      files: { ...TWO, 'migrations.lock': await lockOf(NEEDING) },
      options: FROZEN,
      at: [
        [`${M}/2.sql:1:1`, '-- uses: db'],
        ['migrations.lock:6:1', '  2 h'],
      ],
      says: ['app:2 is committed, and the edges that it declares have changed.'],
      fix: 'npx unplugin-migrations lock --accept app:2',
    },
  ],
  MIG_B0508: [
    {
      files: {
        ...own({ '1_late.sql': table('late'), '2.sql': table('two') }),
        'migrations.lock': await lockOf(own({ '2.sql': table('two') })),
      },
      options: FROZEN,
      at: [[`${M}/1_late.sql:1:1`, '-- uses: db']],
      says: ['app:1_late is new, but its name comes before 2'],
      fix: 'for example to 3_late',
    },
  ],
  MIG_B0509: [
    {
      files: { ...ONE, ...BILLING, 'migrations.lock': LOCKED },
      options: FROZEN,
      at: [['node_modules/billing/db/1.sql:1:1', '-- uses: db']],
      says: ['billing@1.0.0 brings a migration that nobody has reviewed: billing:1.', '(brought in by app)'],
      fix: 'Read it, then run: npx unplugin-migrations lock',
    },
  ],
  MIG_B0510: [
    {
      files: { ...TWO, 'migrations.lock': LOCKED },
      options: FROZEN,
      at: [['migrations.lock:1:1', 'migrations.lock v1']],
      says: ['is not up to date', 'app:2'],
      fix: 'npx unplugin-migrations lock',
    },
    { files: ONE, options: FROZEN, at: [], says: ['There is no migrations.lock'], fix: 'npx unplugin-migrations lock' },
  ],
  MIG_B0511: [
    {
      files: { ...TWO, 'migrations.lock': RETIRED },
      options: FROZEN,
      at: [
        [`${M}/2.sql:1:1`, '-- uses: db'],
        ['migrations.lock:6:1', '  2 h'],
      ],
      says: ['app:2 is here again'],
      fix: 'npx unplugin-migrations lock --accept app:2',
    },
  ],
}

/** See `MENDS`. */
export const LOCK_MENDS: Readonly<Record<keyof typeof BUILD_LOCK, Mend>> = {
  MIG_B0501: { steps: [{ in: 'migrations.lock', replace: ' v2', by: ' v1' }] },
  MIG_B0502: { steps: [{ write: 'migrations.lock', content: CONFLICT }, { lock: [] }] },
  MIG_B0503: { steps: [{ write: 'migrations.lock', content: LOCKED }, { lock: [] }] },
  MIG_B0504: { steps: [{ lock: [] }] },
  MIG_B0505: { steps: [{ lock: ['app:1'] }] },
  MIG_B0506: { steps: [{ lock: ['app:2'] }] },
  MIG_B0507: { steps: [{ lock: ['app:2'] }] },
  MIG_B0508: { steps: [{ move: `${M}/1_late.sql`, to: `${M}/3_late.sql` }, { lock: [] }] },
  MIG_B0509: { steps: [{ lock: [] }] },
  MIG_B0510: { steps: [{ lock: [] }] },
  MIG_B0511: { steps: [{ lock: ['app:2'] }] },
}
