import type { Id, Member } from '../graph/manifest.ts'
import type { Carrier } from './packages/carriers.ts'
import type { MigrationFiles } from './files.ts'
import type { Metadata } from './metadata/metadata.ts'
import type { SourceText } from './report/position.ts'

/** A migration that was read, before it is compared with the others. */
export interface Draft {
  readonly carrier: Carrier
  readonly files: MigrationFiles
  /** What its offsets count in. */
  readonly source: SourceText
  readonly name: string
  readonly id: Id
  readonly metadata: Metadata
  readonly uses: ReadonlyMap<string, string>
  readonly has: readonly Member[]
  readonly moduleFormat: 'esm' | 'cjs'
  readonly hash: string
}

/** The offset of a field, or of an entry of it, or the begin of the file. */
export function offsetIn({ metadata }: Draft, ...keys: readonly string[]): number {
  for (const key of keys) {
    const offset = metadata.at.get(key)
    if (offset !== undefined) return offset
  }
  return 0
}
