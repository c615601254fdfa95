import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { Json } from '../../runtime/handles.ts'
import type { KeysBefore } from '../key-value/before.ts'
import type { RunScript } from './connection.ts'

/** Where the adapter's own keys begin, behind the prefix. */
export const OWN = '.migrations:'

/** What a key holds. */
export interface Value {
  /** As it stands in Redis. Never empty, since that is no JSON. */
  readonly text: string
  readonly json: Json
  /** Whether the key goes away by itself. */
  readonly expires: boolean
}

/** Keys that are read at once: a call for each is too much for a client when they are many. */
const AT_ONCE = 100

/** Text and time to live of every key. Of what is no text, its type, which is no JSON either. */
const READ = `
local held = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  local text = kind ~= 'none' and '<' .. kind .. '>'
  if kind == 'string' then text = redis.call('GET', key) end
  held[i] = {text, redis.call('PTTL', key)}
end
return held`

/**
 * One page of keys, without the prefix. The pattern is made here: the client may have put a `keyPrefix` before the key.
 * With a key, a cluster routes it to the server that has them all.
 */
const LIST = String.raw`
local page = redis.call('SCAN', ARGV[1], 'MATCH', KEYS[1]:gsub('[*?%[\\]', '\\%0') .. '*', 'COUNT', 1000)
for i, key in ipairs(page[2]) do page[2][i] = key:sub(#KEYS[1] - #ARGV[2] + 1) end
return page`

/**
 * In the order of `keys`.
 *
 * @throws MigrationError `MIG_R0234` for a key that holds anything but the text of a JSON value
 */
export async function readValues(run: RunScript, keys: readonly string[]): Promise<readonly (Value | undefined)[]> {
  const values: (Value | undefined)[] = []
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const page = keys.slice(start, start + AT_ONCE)
    const held = (await run(READ, page)) as readonly (readonly [string | null, unknown])[]
    values.push(...held.map(([text, milliseconds], index) => valueOf(page[index], text, Number(milliseconds) >= 0)))
  }
  return values
}

function valueOf(key: string | undefined, text: string | null, expires: boolean): Value | undefined {
  try {
    return text === null ? undefined : { text, json: JSON.parse(text) as Json, expires }
  } catch (cause) {
    throw new MigrationError('MIG_R0234', `Key ${JSON.stringify(key)} holds no JSON: ${reasonOf(cause)}`, { cause })
  }
}

/** The keys behind a prefix as one attempt sees them. */
export function valuesBefore(run: RunScript, prefix: string): KeysBefore & { expires(key: string): boolean } {
  const seen = new Map<string, Value | undefined>()
  return {
    async get(keys) {
      const unseen = keys.filter((key) => !seen.has(key))
      const values = await readValues(
        run,
        unseen.map((key) => prefix + key),
      )
      for (const [index, key] of unseen.entries()) if (!seen.has(key)) seen.set(key, values[index])
      return keys.map((key) => seen.get(key)?.json)
    },
    /** Of a key that was read. */
    expires: (key) => seen.get(key)?.expires === true,
    async *keys(wanted) {
      const given = new Set<string>()
      let cursor = '0'
      do {
        const page = (await run(LIST, [prefix + wanted], cursor, wanted)) as readonly [string, readonly string[]]
        cursor = page[0]
        for (const key of page[1]) {
          if (given.has(key) || key.startsWith(OWN)) continue
          given.add(key)
          yield key
        }
      } while (cursor !== '0')
    },
    check(key) {
      // Half of a surrogate pair has no UTF-8: two such keys would be one in Redis.
      if (!key.startsWith(OWN) && !/\p{Surrogate}/u.test(key)) return
      throw new MigrationError('MIG_R0232', `${JSON.stringify(key)} cannot be a key of the application.`)
    },
  }
}
