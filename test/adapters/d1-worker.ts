/** A Worker that migrates its D1 database in its own runtime, and answers with what happened. */
import { type D1Database, d1 } from '../../src/adapters/d1.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { unprotected } from './d1-unprotected.ts'

const text = `create table effects (id integer, flag, bytes);
create trigger counted after insert on effects begin
  update effects set flag = case when new.flag = 1 then 'one;' else 'other' end where id = new.id;
end;`

const second = async ({ db }: { readonly db: Sql }): Promise<void> => {
  const [row] = await db.rows<{ readonly n: number }>`select count(*) as n from effects`
  // So that others are here too before the batch is sent.
  await new Promise((resolve) => setTimeout(resolve, 50))
  await db.run`insert into effects (id, flag, bytes) values (${2n ** 53n + 1n}, ${row?.n === 0}, ${new Uint8Array([7])})`
}

/** A migration that never ends: workerd cancels the invocation, and none of its promises is settled any more. */
const hanging = (): Promise<never> => new Promise(() => {})

const usual = {
  version: '1.0.0',
  accepted: [],
  variants: [],
  formerly: [],
  replaces: [],
  labels: [],
  has: ['up'],
  parents: [],
  uses: { db: 'sql' },
} as const

const manifestWith = (up: typeof second): Manifest => ({
  v: 1,
  digest: 'd',
  retired: [],
  migrations: [
    { ...usual, id: 'app:1', hash: 'h0:1', format: 'sql', after: [], load: async () => ({ default: { up: text } }) },
    { ...usual, id: 'app:2', hash: 'h0:2', format: 'module', after: [0], load: async () => ({ up }) },
  ],
})

interface Environment {
  readonly DB: D1Database & { withSession(constraint?: string): D1Database }
}

export default {
  async fetch(request: Request, { DB }: Environment): Promise<Response> {
    try {
      const { pathname } = new URL(request.url)
      const session = DB.withSession('first-primary')
      const db = d1(pathname === '/session' ? session : pathname === '/unprotected' ? unprotected(DB) : DB)
      const manifest = manifestWith(pathname === '/hanging' ? hanging : second)
      let overtaken = 0
      const onEvent = ({ type }: MigrationEvent): void => void (type === 'overtaken' && overtaken++)
      const result = await migrate(manifest, { adapters: { db }, state: 'db', onEvent })
      return Response.json({ ...result, overtaken })
    } catch (error) {
      return Response.json({ error: String(error) })
    }
  },
}
