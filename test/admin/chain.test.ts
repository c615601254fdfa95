import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'
import { type Chain, type End, chain } from './chain.ts'

const server = usePostgres()
const STORAGES = {
  SQLite: () => chain(),
  PostgreSQL: async () => chain([await server.createDatabase(), await server.createDatabase()]),
} as const
const NONE = [[], []]
const BOTH = [['a:1'], ['b:1', 'b.txt']]
/** What must never be. */
const WITHOUT_PARENT = [[], ['b:1', 'b.txt']]

/** After this every process has ended well, and nothing is half done: what is applied is what is there. */
async function assertEnded(ends: readonly End[]): Promise<void> {
  for (const { errors, code } of ends) expect({ errors, code }).toEqual({ errors: '', code: 0 })
}

/** Runs what is given on storages of its own. */
async function on(kind: keyof typeof STORAGES, work: (storages: Chain) => Promise<void>): Promise<void> {
  const storages = await STORAGES[kind]()
  try {
    await work(storages)
  } finally {
    storages.remove()
  }
}

/** An up of the dependent has begun on its database when a down takes back what it depends on. */
async function upFirst(storages: Chain, env: Readonly<Record<string, string>>): Promise<readonly End[]> {
  await storages.start('first').end
  const up = storages.start('migrate', { PAUSE: 'up' })
  await storages.reached('up')
  const down = storages.start('down', env)
  // Without protection it ends by itself; with it, it waits for the dependent's database.
  await Promise.race([down.end, delay(1500)])
  storages.go('up')
  return Promise.all([up.end, down.end])
}

/** A down is about to begin its unit when somebody applies a dependent. */
async function downFirst(storages: Chain, env: Readonly<Record<string, string>>): Promise<readonly End[]> {
  await storages.start('first').end
  const down = storages.start('down', { ...env, PAUSE: 'down' })
  await storages.reached('down')
  const up = await storages.start('migrate').end
  storages.go('down')
  return [up, await down.end]
}

const KINDS = ['SQLite', 'PostgreSQL'] as const

describe.each(KINDS)('a down beside an up of what depends on it, on two databases of %s', (kind) => {
  it.each([
    ['has begun', upFirst],
    ['begins', downFirst],
  ] as const)('N12 takes the dependent back as well, when it %s', async (_, race) => {
    await on(kind, async (storages) => {
      await assertEnded(await race(storages, {}))
      expect(await storages.effects()).toEqual(NONE)
      await assertEnded([await storages.start('migrate').end])
      expect(await storages.effects()).toEqual(BOTH)
    })
  })

  it.each([
    ['has begun', upFirst],
    ['begins', downFirst],
  ] as const)('without announcements leaves a dependent without its parent, when it %s', async (_, race) => {
    await on(kind, async (storages) => {
      await race(storages, { INTENTS: 'off' })
      expect(await storages.effects()).toEqual(WITHOUT_PARENT)
    })
  })

  it('that died after it was announced stops nobody', async () => {
    await on(kind, async (storages) => {
      await storages.start('first').end
      const down = storages.start('down', { PAUSE: 'down' })
      await storages.reached('down')
      down.child.kill('SIGKILL')
      await down.end
      await assertEnded([await storages.start('migrate').end])
      expect(await storages.effects()).toEqual(BOTH)
    })
  })
})

const CROWDS = [
  ['SQLite', 'all taking back', Array.from({ length: 6 }, () => 'down'), NONE],
  ['SQLite', 'all taking back and applying again', Array.from({ length: 4 }, () => 'redo'), BOTH],
  ['PostgreSQL', 'all taking back and applying again', Array.from({ length: 4 }, () => 'redo'), BOTH],
  ['SQLite', 'taking back and applying', ['down', 'migrate', 'redo', 'down', 'migrate', 'down'], undefined],
  ['PostgreSQL', 'taking back and applying', ['down', 'migrate', 'redo', 'migrate', 'down'], undefined],
] as const

it.each(CROWDS)(
  'on two databases of %s many processes, %s, end well and leave what the logs say',
  async (kind, _, commands, left) => {
    await on(kind, async (storages) => {
      await assertEnded([await storages.start('migrate').end])
      const start = join(storages.folder, 'start')
      const crowd = commands.map((command) => storages.start(command, {}, start).end)
      await delay(600)
      writeFileSync(start, '')
      await assertEnded(await Promise.all(crowd))
      const effects = await storages.effects()
      expect(effects).not.toEqual(WITHOUT_PARENT)
      if (left) expect(effects).toEqual(left)
      // A process fails where a row is there twice, or is not where a log says so.
      await assertEnded([await storages.start('migrate').end])
      expect(await storages.effects()).toEqual(BOTH)
      await assertEnded([await storages.start('down').end])
      expect(await storages.effects()).toEqual(NONE)
    })
  },
)
