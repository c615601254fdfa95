import type { Id, Manifest } from '../../src/graph/manifest.ts'
import type { Files, Json, KeyValue, Sql } from '../../src/runtime/handles.ts'
import type { Kind } from '../faults/manifest.ts'
import { manifestOf } from '../runtime/manifest.ts'

type Role = 'main' | 'extra'

/** The traces that the fault tests read: rows in their order, a list under a key, lines of a file. */
interface Traces {
  read(): Promise<readonly Id[]>
  write(ids: readonly Id[]): Promise<void>
}

const TRACES: Readonly<Record<Kind, (handle: unknown) => Traces>> = {
  sql: (handle) => {
    const db = handle as Sql
    return {
      async read() {
        await db.script('create table if not exists effects (n integer, id varchar(100))')
        const rows = await db.rows<{ readonly id: Id }>`select id from effects order by n`
        return rows.map(({ id }) => id)
      },
      async write(ids) {
        await db.run`delete from effects`
        for (const [n, id] of ids.entries()) await db.run`insert into effects (n, id) values (${n}, ${id})`
      },
    }
  },
  kv: (handle) => {
    const keys = handle as KeyValue
    return {
      read: async () => ((await keys.get('effects')) ?? []) as readonly string[],
      write: (ids) => keys.set('effects', ids as Json),
    }
  },
  files: (handle) => {
    const tree = handle as Files
    return {
      async read() {
        const texts: string[] = []
        for await (const path of tree.list('effects.txt')) texts.push(new TextDecoder().decode(await tree.read(path)))
        return texts.join('').split('\n').filter(Boolean)
      },
      write: (ids) => tree.write('effects.txt', new TextEncoder().encode(ids.map((id) => `${id}\n`).join(''))),
    }
  },
}

const ROLES: readonly (readonly [id: Id, roles: readonly Role[]])[] = [
  ['app:0001_first', ['main']],
  ['app:0002_both', ['main', 'extra']],
  ['app:0003_extra', ['extra']],
]

/** Ids of what leaves a trace in a role's storage, in order. */
export function tracesIn(role: string): readonly Id[] {
  return ROLES.flatMap(([id, roles]) => ((roles as readonly string[]).includes(role) ? [id] : []))
}

/** Migrations over two storages. Each fails where its trace is there before its `up`, or is not the last before its `down`. */
export function reversibleManifest(kinds: Readonly<Record<Role, Kind>>): Manifest {
  return manifestOf(
    ROLES.map(([id, roles]) => {
      const each = async (context: unknown, change: (ids: readonly Id[]) => readonly Id[]): Promise<void> => {
        for (const role of roles) {
          const traces = TRACES[kinds[role]]((context as Readonly<Record<string, unknown>>)[role])
          await traces.write(change(await traces.read()))
        }
      }
      const up = (context: unknown): Promise<void> =>
        each(context, (ids) => {
          if (ids.includes(id)) throw new Error(`${id} is there: ${ids.join()}`)
          return [...ids, id]
        })
      const down = (context: unknown): Promise<void> =>
        each(context, (ids) => {
          if (ids.at(-1) !== id) throw new Error(`${id} is not the last: ${ids.join()}`)
          return ids.slice(0, -1)
        })
      const uses = Object.fromEntries(roles.map((role) => [role, kinds[role]]))
      return { id, uses, has: ['up', 'down'] as const, load: async () => ({ default: { up, down } }) }
    }),
  )
}
