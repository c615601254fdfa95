import type { Adapter } from '../../runtime/adapter.ts'
import type { Attributes } from './api.ts'

/** What is asked of an adapter: a whole one will do. */
export type DescribedAdapter = Pick<Adapter, 'name' | 'dialect'>

/** `db.system.name` as the semantic conventions for databases (1.33, stable) write it. */
const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['postgres', 'postgresql'],
  ['mysql', 'mysql'],
  ['mariadb', 'mariadb'],
  ['sqlite', 'sqlite'],
  ['redis', 'redis'],
])

/** Of spans and metrics of one target. A storage that is no database has its name alone. */
export function storageAttributes(target: string, adapter: DescribedAdapter | undefined): Attributes {
  const system = SYSTEMS.get(adapter?.dialect ?? '') ?? SYSTEMS.get(adapter?.name ?? '')
  return { 'migration.target': target, ...(system === undefined ? {} : { 'db.system.name': system }) }
}
