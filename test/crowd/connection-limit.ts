import { Client } from 'pg'
import type { Placement } from '../faults/scenario.ts'

/** Roles of PostgreSQL that may have few connections, as if the server took no more of them. */
export class LimitedRoles {
  readonly #made: { readonly url: string; readonly role: string }[] = []

  /** The placement for a role of its own. */
  async limited(placement: Placement, connections: number): Promise<Placement> {
    const all: Placement[number][] = []
    for (const one of placement) {
      const { url, schema } = one.place
      if (one.storage.adapter !== 'pg' || url === undefined) {
        all.push(one)
        continue
      }
      const role = `crowd_${schema}`
      await administer(
        url,
        `create role ${role} login password 'crowd' connection limit ${connections}`,
        `grant all on schema ${schema} to ${role}`,
      )
      this.#made.push({ url, role })
      const own = Object.assign(new URL(url), { username: role, password: 'crowd' })
      all.push({ ...one, place: { ...one.place, url: own.href } })
    }
    return all
  }

  async drop(): Promise<void> {
    for (const { url, role } of this.#made) await administer(url, `drop owned by ${role} cascade`, `drop role ${role}`)
  }
}

async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
