import type { Cell } from '../../runtime/adapter.ts'
import type { RunScript } from './connection.ts'

const GET = `return redis.call('GET', KEYS[1])`

/** Without a second value there must be none. */
const SWAP = `
if redis.call('GET', KEYS[1]) ~= (ARGV[2] or false) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`

export function redisCell(run: RunScript, key: string): Cell {
  return {
    async get() {
      const value = await run(GET, [key])
      return value === null ? null : String(value)
    },
    swap: async (expected, next) =>
      Number(await run(SWAP, [key], next, ...(expected === null ? [] : [expected]))) === 1,
  }
}
