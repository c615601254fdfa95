import type { Id, Manifest, ManifestMigration } from '../../src/graph/manifest.ts'
import type { Files, KeyValue, Sql } from '../../src/runtime/handles.ts'
import { type Kind, type Role, TRACES, faultManifest } from '../faults/manifest.ts'

/** What a build believes of two migrations, and whether the later one says so itself, or only its place does. */
export interface Order {
  readonly first: 'one' | 'other'
  readonly isDeclared: boolean
  /** What the two of them change. */
  readonly roles: readonly Role[]
}

/** One that nobody disputes, and the two of which builds have opposite opinions. */
export const DISPUTED: readonly Id[] = ['app:0001_first', 'app:0002_one', 'app:0002_other']

/** Three migrations; the first is of `main`. */
export function disputedManifest(kinds: Readonly<Record<Role, Kind>>, order: Order): Manifest {
  const { first, isDeclared, roles } = order
  const { migrations, ...manifest } = faultManifest(kinds.main, kinds.extra, 'this')
  const [beginning] = migrations
  if (!beginning) throw new RangeError('the manifest is empty')
  const names = first === 'one' ? ['one', 'other'] : ['other', 'one']
  const two = names.map((name, index): ManifestMigration => {
    const id = `app:0002_${name}`
    const above = [index]
    const up = async (context: Readonly<Record<Role, Sql | Files | KeyValue>>): Promise<void> => {
      for (const role of roles) await TRACES[kinds[role]](context[role], id)
    }
    return {
      ...beginning,
      id,
      hash: `h0:${name}`,
      uses: Object.fromEntries(roles.map((role) => [role, kinds[role]])),
      format: 'module',
      parents: isDeclared && index === 1 ? above : [],
      after: isDeclared && index === 1 ? [] : above,
      load: async () => ({ default: { up } }),
    }
  })
  return { ...manifest, digest: `${names.join()} ${isDeclared}`, migrations: [beginning, ...two] }
}
