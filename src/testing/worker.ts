import { setTimeout as delay } from 'node:timers/promises'
import { migrate } from '../runtime/migrate.ts'
import type { Command, Migrate } from './command.ts'
import { type Opened, lenderOf } from './fixture.ts'
import { deadlyAt } from './kill.ts'
import { appendPatiently, patiently } from './log-entries.ts'
import { manifestFor, optionsFor } from './manifest.ts'
import { traceOf } from './trace.ts'

/** Does what it is asked with one client, one command after the other. */
export interface Worker {
  ask(command: Command): Promise<unknown>
  end(): Promise<void>
}

/** In this process. */
export function workerOn(opened: Opened): Worker {
  const { adapter } = opened
  let session: ReturnType<typeof adapter.open> | undefined
  return {
    async ask(command) {
      switch (command.do) {
        case 'greet':
          return null
        case 'append': {
          const answer = await appendPatiently(adapter, command.entry)
          return command.forged ? 'appended' : answer
        }
        case 'lock':
          session ??= adapter.open()
          return (await session).tryLock?.()
        case 'unlock':
          session ??= adapter.open()
          return (await session).unlock?.()
        case 'swap': {
          const lender = lenderOf(opened)
          return lender && patiently(lender, () => lender.lease.swap(command.expected, command.next))
        }
        case 'migrate': {
          const options = optionsFor(watched(opened, command), command.wait, command.record)
          const { applied } = await migrate(manifestFor(paced(opened, command), command.record), options)
          return applied.map(({ id }) => id)
        }
      }
    },
    async end() {
      await (await session)?.close()
    },
  }
}

/** Where the adapter keeps no log, the one of the state tells all: its calls count too. */
function watched(opened: Opened, { kill, record }: Migrate): Opened {
  const { adapter, state } = opened
  if (!kill) return opened
  if (record !== 'elsewhere' || !state) return { ...opened, adapter: deadlyAt(adapter, kill) }
  const both = deadlyAt({ adapter: () => adapter, state: () => state }, kill)
  return { ...opened, adapter: both.adapter(), state: both.state() }
}

/** Where nothing but a lease keeps others away, there is to be time for them to come. */
function paced(opened: Opened, { kill, record }: Migrate): Opened {
  if (record !== 'elsewhere' || kill) return opened
  const trace = traceOf(opened)
  const leave: typeof trace.leave = async (handle, effect) => {
    await delay(300)
    await trace.leave(handle, effect)
  }
  return { ...opened, trace: { ...trace, leave } }
}
