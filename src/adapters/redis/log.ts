import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { RunScript } from './connection.ts'

/** Entries that are read at once. */
const PAGE = 500

const HEAD = `return {redis.call('LINDEX', KEYS[1], 0), redis.call('LINDEX', KEYS[1], -1), redis.call('LLEN', KEYS[1])}`

const READ = `return redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])`

/**
 * The length of the list is the next serial. Who sends an append again because its answer was lost finds its own first
 * entry, and with it the others. A server that evicts any key could drop the log, and then nothing would be applied.
 */
const APPEND = `
local length, first, texts = redis.call('LLEN', KEYS[1]), tonumber(ARGV[1]), cjson.decode(ARGV[2])
if length < first then return length end
if length > first then return redis.call('LINDEX', KEYS[1], first) == texts[1] and 'appended' or 'taken' end
local memory = redis.pcall('INFO', 'memory')
if type(memory) == 'string' and memory:find('maxmemory_policy:allkeys', 1, true) then return 'evicts' end
for _, text in ipairs(texts) do redis.call('RPUSH', KEYS[1], text) end
return 'appended'`

/** A log in a list of JSON texts: the index of an entry is its serial. */
export function redisLog(run: RunScript, key: string): Log {
  const entryOf = (text: unknown, serial: number): Entry => {
    try {
      // The runtime looks at the shape of the rest.
      const entry = JSON.parse(String(text)) as Entry | null
      if (entry?.serial === serial) return entry
      throw new Error('it has another serial')
    } catch (cause) {
      throw new MigrationError('MIG_R0221', `Entry ${serial} of ${key} is damaged: ${reasonOf(cause)}.`, { cause })
    }
  }
  return {
    async head() {
      const [genesis, last, length] = (await run(HEAD, [key])) as readonly unknown[]
      const end = Number(length) - 1
      return end < 0 ? null : { genesis: entryOf(genesis, 0), last: entryOf(last, end) }
    },
    async *read(after) {
      for (let serial = after + 1; ; serial += PAGE) {
        const page = (await run(READ, [key], `${serial}`, `${serial + PAGE - 1}`)) as readonly unknown[]
        yield* page.map((text, index) => entryOf(text, serial + index))
        if (page.length < PAGE) return
      }
    },
    async append(entries) {
      const first = entries[0]?.serial
      if (first === undefined) return 'appended'
      const texts = entries.map((entry) => JSON.stringify(entry))
      const answer = await run(APPEND, [key], `${first}`, JSON.stringify(texts))
      if (answer === 'appended' || answer === 'taken') return answer
      if (answer === 'evicts')
        throw new MigrationError('MIG_R0110', `The server of ${key} evicts any key when its memory is full.`)
      throw new MigrationError('MIG_R0221', `${key} ends at ${Number(answer) - 1}, entry ${first} would leave a gap.`)
    },
  }
}
