import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'
import { type Chain, type End, chain } from './chain.ts'

const server = usePostgres()
const STORAGES = {
  SQLite: () => chain(),
  PostgreSQL: async () => chain([await server.createDatabase(), await server.createDatabase()]),
} as const

/** A signal is only under way when `kill` returns: one that lets it go on must not overtake it. */
async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  while (!spawnSync('ps', ['-o', 'state=', '-p', `${pid}`], { encoding: 'utf8' }).stdout.startsWith('T')) await delay(5)
}

/** A run is about to begin `b:1` and stands still; others apply it, and take it and what it depends on back. */
async function overtakenBy(storages: Chain, env: Readonly<Record<string, string>>): Promise<End> {
  await storages.start('first').end
  const { child, end } = storages.start('migrate', { ...env, PAUSE: 'before' })
  try {
    await storages.reached('before')
    await freeze(child.pid ?? 0)
    for (const command of ['migrate', 'down'])
      expect(await storages.start(command).end, command).toMatchObject({ code: 0, errors: '' })
    expect(await storages.effects()).toEqual([[], []])
    storages.go('before')
    child.kill('SIGCONT')
    return await end
  } finally {
    child.kill('SIGKILL')
  }
}

describe.each(Object.entries(STORAGES))(
  'a run on %s that stands still while others take back what it is about to apply',
  (_, create) => {
    const on = async (work: (storages: Chain) => Promise<void>): Promise<void> => {
      const storages = await create()
      await work(storages).finally(() => storages.remove())
    }

    it('N12 plans again when it goes on, and applies what is needed before', () =>
      on(async (storages) => {
        const { code, errors, out } = await overtakenBy(storages, {})
        expect({ code, errors }).toEqual({ code: 0, errors: '' })
        const { applied } = JSON.parse(out) as { readonly applied: readonly { readonly id: string }[] }
        expect(applied.map(({ id }) => id)).toEqual(['a:1', 'b:1'])
        expect(await storages.effects()).toEqual([['a:1'], ['b:1', 'b.txt']])
      }))

    it('N12 is blocked by the generation alone, where its place in the log does not matter', () =>
      on(async (storages) => {
        await overtakenBy(storages, { SERIALS: 'off' })
        const [one, two] = await storages.effects()
        expect(two.includes('b:1')).toBe(one.includes('a:1'))
      }))

    it('N12 applies it without what it depends on, where neither matters', () =>
      on(async (storages) => {
        await overtakenBy(storages, { SERIALS: 'off', GENERATIONS: 'off' })
        const [one, two] = await storages.effects()
        expect(one).toEqual([])
        expect(two).toContain('b:1')
      }))
  },
)
