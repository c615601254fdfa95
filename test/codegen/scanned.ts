import type { ScannedMigration } from '../../src/scan/result.ts'

type Given = Pick<ScannedMigration, 'id' | 'files'> & Partial<ScannedMigration>

/** A scanned migration with everything that a test does not care about. */
export function scanned(given: Given): ScannedMigration {
  return {
    package: given.id.slice(0, given.id.lastIndexOf(':')),
    index: 0,
    dependsOn: [],
    runBefore: [],
    conflictsWith: [],
    version: '1.0.0',
    hash: 'h0:00',
    accepted: [],
    format: 'module',
    moduleFormat: 'esm',
    uses: { db: 'sql' },
    formerly: [],
    replaces: [],
    labels: [],
    has: ['up'],
    ...given,
  }
}
