import type { Session } from '../../runtime/adapter.ts'
import { uniqueId } from '../../runtime/unique-id.ts'
import type { RunScript } from './connection.ts'

/** Milliseconds until the lock of a process that is gone is free. */
const LEASE = 4000

/** Takes, renews, or (for 0 ms) gives back what nobody else holds. */
const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`

/**
 * A lease that renews itself. It only saves work: a process that stands still for longer than the lease lasts goes on
 * beside its successor. What makes that safe is the mark that settling sets and asks for in one script.
 */
export function redisLock(run: RunScript, key: string): Required<Pick<Session, 'tryLock' | 'unlock'>> {
  const token = uniqueId()
  let isHeld = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let renewal: Promise<void> = Promise.resolve()
  const hold = async (ms: number): Promise<boolean> => Number(await run(HOLD, [key], token, `${ms}`)) === 1
  const renewLater = (): void => {
    if (!isHeld) return
    timer = setTimeout(() => {
      // Whether or not it is renewed, the work is safe, and its own calls meet the same trouble.
      renewal = hold(LEASE).then(renewLater, renewLater)
    }, LEASE / 4)
    // Node's timers would keep the process alive; elsewhere they are numbers.
    if (typeof timer === 'object') timer.unref()
  }
  return {
    async tryLock() {
      if (isHeld) return false
      isHeld = await hold(LEASE)
      renewLater()
      return isHeld
    },
    async unlock() {
      if (!isHeld) return
      isHeld = false
      clearTimeout(timer)
      // A renewal on its way must not overtake.
      await renewal
      await hold(0)
    },
  }
}
