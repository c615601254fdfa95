import { createHash } from 'node:crypto'
import type { Id, Manifest } from '../graph/manifest.ts'
import type { Options } from '../runtime/options.ts'
import traits from '../runtime/traits/strategy.ts'
import type { Recording } from './command.ts'
import type { Opened } from './fixture.ts'
import { traceOf } from './trace.ts'

/** In their order. */
export const IDS: readonly Id[] = ['testing:0001_one', 'testing:0002_two']

/**
 * Two migrations of one storage; each leaves its id there. Its probe looks for that where nothing is recorded, and it may
 * be done again where nothing is recorded beside it.
 */
export function manifestFor(opened: Opened, record: Recording): Manifest {
  const { kind, leave, read } = traceOf(opened)
  const isProbed = record === 'unrecorded'
  const probe = async ({ main }: Roles, id: Id): Promise<boolean> => (await read(main)).includes(id)
  const migrations = IDS.map((id, index): Manifest['migrations'][number] => ({
    id,
    version: '1.0.0',
    hash: `h1:${sha256(id)}`,
    accepted: [],
    format: 'module',
    variants: [],
    uses: { main: kind },
    parents: [],
    after: index === 0 ? [] : [index - 1],
    formerly: [],
    replaces: [],
    labels: [],
    has: isProbed ? ['up', 'probe'] : ['up'],
    ...(record === 'elsewhere' ? { traits: { idempotent: true } } : {}),
    load: async () => ({
      default: {
        up: ({ main }: Roles) => leave(main, id),
        ...(isProbed ? { probe: (roles: Roles) => probe(roles, id) } : {}),
      },
    }),
  }))
  return { v: 1, digest: sha256(IDS.join()), retired: [], migrations, ...(isProbed ? { traits } : {}) }
}

export function optionsFor({ adapter, state }: Opened, wait: number, record: Recording): Options {
  const adapters = { main: adapter }
  if (record === 'unrecorded') return { adapters, state: 'none', wait }
  if (record === 'elsewhere' || !state) return { adapters, state: state ?? 'main', wait }
  const { lease: _, ...withoutLease } = state
  // Whoever is killed is known to be dead: nobody is to wait until its lease has run out.
  return { adapters, state: withoutLease, wait }
}

interface Roles {
  readonly main: unknown
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
