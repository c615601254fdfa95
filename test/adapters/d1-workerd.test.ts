import { join } from 'node:path'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Result } from '../../src/runtime/options.ts'
import { rowsOf } from '../servers/d1.ts'

interface Answer extends Result {
  readonly error?: string
  /** Times that another invocation was first. */
  readonly overtaken: number
}

let workerd: Miniflare
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'd1-worker.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  })
  const script = outputFiles[0]?.text ?? ''
  workerd = new Miniflare({ modules: true, script, d1Databases: ['DB'], compatibilityDate: '2026-04-01', cf: false })
})
afterAll(() => workerd.dispose())

async function empty(): Promise<void> {
  const database = await workerd.getD1Database('DB')
  await database.batch(['effects', 'unplugin_migrations'].map((table) => database.prepare(`drop table ${table}`)))
}

async function invoke(path: string): Promise<Answer> {
  const response = await workerd.dispatchFetch(`http://worker${path}`)
  return (await response.json()) as Answer
}

it('an invocation that is cancelled in the middle does not hold up the next ones', async () => {
  const cancelled = await workerd.dispatchFetch('http://worker/hanging')
  expect(await cancelled.text()).toMatch(/hung|never generate a response/)
  expect(await invoke('/')).toMatchObject({ outcome: 'migrated', applied: [{ id: 'app:2' }] })
  await empty()
})

it('N01, C06: a Worker without compatibility flags migrates its D1 once, when fifty invocations begin at once', async () => {
  const results = await Promise.all(Array.from({ length: 50 }, () => invoke('/')))
  expect(results.flatMap(({ error }) => error ?? [])).toEqual([])
  expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(['app:1', 'app:2'])
  const contenders = results.filter(({ overtaken }) => overtaken > 0)
  expect(contenders.length, 'without contention this proves nothing').toBeGreaterThan(5)
  expect(await invoke('/')).toMatchObject({ outcome: 'current', applied: [] })
  const database = await workerd.getD1Database('DB')
  expect(await rowsOf(database, 'select cast(id as text) as id, flag, hex(bytes) as bytes from effects')).toEqual([
    { id: `${2n ** 53n + 1n}`, flag: 'one;', bytes: '07' },
  ])
  await empty()
})

it('N01: without the key of the log the same invocations damage it, or make an effect again', async () => {
  const results = await Promise.all(Array.from({ length: 50 }, () => invoke('/unprotected')))
  const errors = results.flatMap(({ error }) => error ?? [])
  const effects = await rowsOf(await workerd.getD1Database('DB'), 'select id from effects')
  expect([errors.length, effects.length]).not.toEqual([0, 1])
})

it('P12 a session of D1 is refused, since it may read from a replica', async () => {
  expect((await invoke('/session')).error).toMatch(/MIG_R0110.*d1\(env\.DB\)/s)
})
