import type { Session } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { sha256 } from '../../runtime/sha256.ts'
import { DeferredKeys, type KeyChange, assertUnchanged } from '../key-value/changes.ts'
import type { RunScript } from './connection.ts'
import { OWN, readValues, valuesBefore } from './values.ts'

/** `expires`: the key goes away by itself, and then there is nothing left to change. */
type StagedChange = KeyChange & { readonly expires: boolean }

/** Names every key that settling will write: what Redis would refuse then, it refuses before the commit. */
const PREPARE = `redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`

const FIND = `return {redis.call('HGET', KEYS[1], ARGV[1]), redis.call('SISMEMBER', KEYS[2], ARGV[1])}`

/** The first line of every stage. */
const STAGED = String.raw`
local stages = redis.call('HVALS', KEYS[1])
for i, text in ipairs(stages) do stages[i] = text:match('[^\n]+') end
return stages`

const DISCARD = `redis.call('HDEL', KEYS[1], ARGV[1])`

/**
 * Gives every key its next text where each still holds what the caller read just now, and marks the attempt as settled:
 * all of it, or nothing. Who comes later finds the mark and changes nothing, even where the application has put back an
 * old value since. Texts come in pairs, now and next; the empty one is absence. All is checked before the first write,
 * since Redis does not roll back.
 */
const SETTLE = `
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
local texts = cjson.decode(ARGV[2])
for i = 2, #KEYS do
  if (redis.call('GET', KEYS[i]) or '') ~= texts[2 * i - 3] then return 0 end
end
redis.call('SADD', KEYS[1], ARGV[1])
for i = 2, #KEYS do
  local text = texts[2 * i - 2]
  if text == '' then redis.call('DEL', KEYS[i]) else redis.call('SET', KEYS[i], text, 'KEEPTTL') end
end
return 1`

/** Staged work of all attempts on the keys behind one prefix. */
export function redisStages(
  run: RunScript,
  prefix: string,
): Required<Pick<Session<'kv'>, 'stage' | 'settle' | 'staged' | 'discard'>> {
  /** Attempt → a line with the entry that commits it, and one with its changes. */
  const stages = `${prefix}${OWN}staged`
  /** Attempts whose changes are in place. Never emptied, since a settler may come late by any time. */
  const settled = `${prefix}${OWN}settled`

  const keysOf = (changes: readonly StagedChange[]): readonly string[] => changes.map(({ key }) => prefix + key)

  const discard = async (attempt: string): Promise<void> => void (await run(DISCARD, [stages], attempt))

  /** Parameters of `SETTLE`: keys and texts of what is left to change. @throws MigrationError `MIG_R0231` */
  const left = async (attempt: string, changes: readonly StagedChange[]): Promise<[string[], string, string]> => {
    const values = await readValues(run, keysOf(changes))
    const keys = [settled]
    const texts: string[] = []
    for (const [index, change] of changes.entries()) {
      const value = values[index]
      if (change.expires && !value) continue
      assertUnchanged(value?.json, change)
      keys.push(prefix + change.key)
      texts.push(value?.text ?? '', change.next === undefined ? '' : JSON.stringify(change.next))
    }
    return [keys, attempt, JSON.stringify(texts)]
  }

  return {
    async stage({ target, serial, attempt }) {
      const before = valuesBefore(run, prefix)
      const handle = new DeferredKeys(before)
      return {
        handle: () => handle,
        async prepare() {
          const changes = (await handle.changes()).map((change): StagedChange => ({
            ...change,
            expires: before.expires(change.key),
          }))
          if (changes.length === 0) return null
          // Once it is committed, people would have to settle what somebody else has changed.
          await left(attempt, changes)
          const text = `${JSON.stringify({ target, serial, attempt })}\n${JSON.stringify(changes)}`
          await run(PREPARE, [stages, ...keysOf(changes)], attempt, text)
          return { name: attempt, digest: await sha256(text) }
        },
        discard: () => discard(attempt),
      }
    },
    async settle(redo) {
      const { name, digest } = (redo ?? {}) as { readonly name?: unknown; readonly digest?: unknown }
      const attempt = String(name)
      const [text, isSettled] = (await run(FIND, [stages, settled], attempt)) as readonly unknown[]
      if (Number(isSettled) === 1) return
      if (typeof text !== 'string' || (await sha256(text)) !== digest)
        throw new MigrationError('MIG_R0236', `${stages} does not hold what ${attempt} staged.`)
      const changes = JSON.parse(text.slice(text.indexOf('\n'))) as readonly StagedChange[]
      // A key was written meanwhile.
      while (Number(await run(SETTLE, ...(await left(attempt, changes)))) !== 1);
    },
    async staged() {
      const plans = (await run(STAGED, [stages])) as readonly string[]
      return plans.map((plan) => JSON.parse(plan) as Pick<Entry, 'target' | 'serial' | 'attempt'>)
    },
    discard,
  }
}
