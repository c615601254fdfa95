import type { ScanOptions } from '../../../src/scan/options.ts'
import { type Content, pkg, prefixed } from '../tree.ts'

/** A tree in which one thing is wrong, and what must be said about it. */
export interface Fixture {
  readonly files: Readonly<Record<string, Content>>
  readonly options?: Partial<ScanOptions>
  readonly severity?: 'warning'
  /** `<path>:<line>:<column>` of each source, below the root, and what stands there. */
  readonly at: readonly (readonly [string, string])[]
  /** Parts of the message. `<root>` stands for the root. */
  readonly says: readonly string[]
  /** Part of the fix. */
  readonly fix: string
}

export type Fixtures<Code extends string> = Readonly<Record<Code, readonly Fixture[]>>

/** An application with these files in its folder. */
export function own(files: Readonly<Record<string, Content>>): Readonly<Record<string, Content>> {
  return { 'package.json': pkg('app'), ...prefixed('migrations/', files) }
}

/** An application that depends on `library`, which has these files in its folder `db`, and these fields. */
export function library(
  files: Readonly<Record<string, Content>>,
  fields: object = { migrations: 'db' },
): Readonly<Record<string, Content>> {
  return {
    'package.json': pkg('app', { dependencies: { library: '1' } }),
    'node_modules/library/package.json': pkg('library', fields),
    ...prefixed('node_modules/library/db/', files),
  }
}

export const BROUGHT = '(brought in by app)'

/** The application's folder. */
export const M = 'migrations'
