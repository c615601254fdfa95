import { MigrationError } from '../../runtime/errors.ts'
import type { Json, KeyValue } from '../../runtime/handles.ts'
import type { KeysBefore } from './before.ts'
import { isSameJson } from './same-json.ts'

/** One change of one key. Absent `old` or `next`: the key is not there. */
export type KeyChange = { readonly key: string; readonly old?: Json; readonly next?: Json }

/** The keys of one attempt. Reads see the storage as it is in `before`; writes are kept with what they replace. */
export class DeferredKeys implements KeyValue {
  readonly #before: KeysBefore
  readonly #next = new Map<string, Json | undefined>()

  constructor(before: KeysBefore) {
    this.#before = before
  }

  async get(key: string): Promise<Json | undefined> {
    this.#before.check?.(key)
    return structuredClone((await this.#before.get([key]))[0])
  }

  keys(prefix = ''): AsyncIterable<string> {
    return this.#before.keys(prefix)
  }

  async set(key: string, value: Json): Promise<void> {
    this.#before.check?.(key)
    this.#next.set(key, JSON.parse(JSON.stringify(value)) as Json)
  }

  async delete(key: string): Promise<void> {
    this.#before.check?.(key)
    this.#next.set(key, undefined)
  }

  /** What really changes. */
  async changes(): Promise<readonly KeyChange[]> {
    const before = await this.#before.get([...this.#next.keys()])
    return [...this.#next].flatMap(([key, next], index) => {
      const old = before[index]
      return isSameJson(old, next) ? [] : [{ key, ...field('old', old), ...field('next', next) }]
    })
  }
}

/**
 * Whether a change may be made, or is made already, where the key holds `now`.
 *
 * @throws MigrationError `MIG_R0231` when it holds neither what the migration saw nor what it wants
 */
export function assertUnchanged(now: Json | undefined, { key, old, next }: KeyChange): void {
  if (isSameJson(now, old) || isSameJson(now, next)) return
  throw new MigrationError('MIG_R0231', `Key ${JSON.stringify(key)} changed since the migration saw it.`, {
    next: 'start again; once it is committed, put back its value before; nothing was overwritten',
  })
}

/**
 * `data` with the changes made, in a new map.
 *
 * @throws MigrationError `MIG_R0231`
 */
export function withChanges(data: ReadonlyMap<string, Json>, changes: readonly KeyChange[]): Map<string, Json> {
  const result = new Map(data)
  for (const change of changes) {
    assertUnchanged(data.get(change.key), change)
    if (change.next === undefined) result.delete(change.key)
    else result.set(change.key, change.next)
  }
  return result
}

function field<Name extends 'old' | 'next'>(name: Name, value: Json | undefined): { readonly [K in Name]?: Json } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: Json }
}
