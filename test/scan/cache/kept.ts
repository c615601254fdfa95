import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, vi } from 'vitest'
import type { ScanResult } from '../../../src/scan/result.ts'
import { type Content, migration, pkg, prefixed } from '../tree.ts'

/** Scans of a test begin later than the files that it writes were written, as when somebody builds a minute after. */
export function scanLater(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

export const kept = (root: string, name: 'packages' | 'migrations'): string =>
  `${root}/node_modules/.cache/unplugin-migrations/${name}.json`

/** An application with a migration and a helper, a package that brings another, and one that brings none. */
export const APP: Readonly<Record<string, Content>> = {
  'package.json': pkg('app', { dependencies: { billing: '1', plain: '1' } }),
  'package-lock.json': '{}',
  'migrations/1_init.js': `import { size } from './_sizes.js'\n${migration('export const labels = ["first"]')}void size\n`,
  'migrations/_sizes.js': 'export const size = 1\n',
  'migrations/2_more.sql': '-- uses: db\ncreate table t (id integer)',
  ...prefixed('node_modules/billing/', {
    'package.json': pkg('billing', { migrations: 'migrations' }),
    'migrations/0001_init.js': migration(),
  }),
  'node_modules/plain/package.json': pkg('plain', { dependencies: { billing: '1' } }),
  'node_modules/plain/index.js': '',
}

const MARK_HASH = `h0:${'5'.repeat(64)}`
const MARK_VERSION = '555.0.0'

/** Writes into what was kept what no scan would find, to see later what of it is used. */
export function markKept(root: string): void {
  const packages = readFileSync(kept(root, 'packages'), 'utf8')
  writeFileSync(kept(root, 'packages'), packages.replaceAll('"1.0.0"', `"${MARK_VERSION}"`))
  const migrations = readFileSync(kept(root, 'migrations'), 'utf8')
  writeFileSync(kept(root, 'migrations'), migrations.replaceAll(/h\d:[0-9a-f]{64}/g, MARK_HASH))
}

/** What of a result comes from the marks: the walk, and packages whose migrations were not read again. */
export function usedOf({ packages, migrations }: ScanResult): readonly string[] {
  const walk = packages.some(({ version }) => version === MARK_VERSION) ? ['walk'] : []
  const read = migrations.filter(({ hash }) => hash === MARK_HASH)
  return [...walk, ...new Set(read.map((each) => each.package))].toSorted()
}
