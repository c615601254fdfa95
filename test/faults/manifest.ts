import { createHash } from 'node:crypto'
import type { Id, Manifest, ManifestMigration } from '../../src/graph/manifest.ts'
import type { Files, KeyValue, Sql } from '../../src/runtime/handles.ts'
import type { StorageCase } from './storages/storage-case.ts'

export type Kind = StorageCase['kind']
export type Role = 'main' | 'extra'
type Handles = Readonly<Record<Role, Sql | Files | KeyValue>>

/**
 * Ways to leave one more trace of a migration in a storage. Nothing here is unique or idempotent: an effect that is made
 * twice is there twice.
 */
export const TRACES = {
  async sql(handle, id) {
    const db = handle as Sql
    const rows = await db.rows<{ readonly n: unknown }>`select count(*) as n from effects`
    await db.run`insert into effects (n, id) values (${Number(rows[0]?.n)}, ${id})`
  },
  async kv(handle, id) {
    const keys = handle as KeyValue
    const before = (await keys.get('effects')) ?? []
    await keys.set('effects', [...(before as readonly string[]), id])
  },
  async files(handle, id) {
    const tree = handle as Files
    const before: string[] = []
    for await (const path of tree.list('effects.txt')) before.push(new TextDecoder().decode(await tree.read(path)))
    await tree.write('effects.txt', new TextEncoder().encode(`${before.join('')}${id}\n`))
  },
} satisfies Readonly<Record<Kind, (handle: Sql | Files | KeyValue, id: Id) => Promise<void>>>

const FIRST = 'app:0001_first'
const INSERTION = `insert into effects (n, id) select count(*), '${FIRST}' from effects`
const SCRIPT = `create table if not exists effects (n integer, id varchar(100));\n${INSERTION}`

const ROLES: readonly (readonly [id: Id, roles: readonly Role[]])[] = [
  [FIRST, ['main']],
  ['app:0002_both', ['main', 'extra']],
  ['app:0003_extra', ['extra']],
  ['app:0004_last', ['main']],
]

/** `next` brings one more migration, which changes both storages. */
export type Release = 'this' | 'next'
const NEXT = ['app:0005_next', ['main', 'extra']] as const

/** Ids of what leaves a trace in a role's storage, in order. */
export function expectedIn(role: Role): readonly Id[] {
  return ROLES.flatMap(([id, roles]) => (roles.includes(role) ? [id] : []))
}

export const IDS: readonly Id[] = ROLES.map(([id]) => id)

/** Four migrations over two storages; the first is a script where `main` is SQL. */
export function faultManifest(main: Kind, extra: Kind, release: Release): Manifest {
  const kinds = { main, extra }
  const migrations = [...ROLES, ...(release === 'next' ? [NEXT] : [])].map(([id, roles], index): ManifestMigration => {
    const isScript = main === 'sql' && id === FIRST
    const up = async (context: Handles): Promise<void> => {
      for (const role of roles) await TRACES[kinds[role]](context[role], id)
    }
    return {
      id,
      version: '1.0.0',
      hash: `h0:${sha256(id)}`,
      accepted: [],
      format: isScript ? 'sql' : 'module',
      variants: [],
      uses: Object.fromEntries(roles.map((role) => [role, kinds[role]])),
      parents: [],
      after: index === 0 ? [] : [index - 1],
      formerly: [],
      replaces: [],
      labels: [],
      has: ['up'],
      // Where a definition commits by itself, the table is there already.
      load: async (dialect) => {
        const script = dialect === 'mysql' ? INSERTION : SCRIPT
        return { default: { up: isScript ? script : up } }
      },
    }
  })
  return { v: 1, digest: sha256(migrations.map(({ id }) => id).join()), retired: [], migrations }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
