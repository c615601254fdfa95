import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Adapter, Cell } from '../../src/runtime/adapter.ts'
import { leased } from '../../src/runtime/lease/run.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent, Options } from '../../src/runtime/options.ts'
import { exclusively } from '../../src/runtime/queue.ts'
import { runSideBySide } from '../../src/runtime/several/side-by-side.ts'
import { several } from '../../src/runtime/several/storages.ts'
import { type Strategies, strategy } from '../../src/runtime/strategies.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'
import { moment } from './moment.ts'
import { remote } from './remote.ts'

const TTL = 600

interface Store {
  readonly state: Adapter
  readonly cell: Cell
  /** What was asked of the cell. */
  readonly asked: string[]
}

/** A state store of its own, whose lease lasts for a short time. */
function storeWith(change: (cell: Cell) => Cell = (cell) => cell, ttl = TTL): Store {
  const adapter = memory()
  const cell = adapter.lease
  if (!cell) throw new TypeError('memory offers a lease')
  const asked: string[] = []
  const changed = change(cell)
  const lease: Cell = {
    get: () => (asked.push('get'), changed.get()),
    swap: (expected, next) => (asked.push('swap'), changed.swap(expected, next)),
  }
  const leasing = leased(runSideBySide, { usual: ttl, withoutLog: ttl })
  const brought = adapter.strategy as unknown as Strategies
  const strategies = strategy({ ...brought, several: { ...several, ...leasing } })
  return { cell, asked, state: { ...adapter, lease, strategy: strategies } }
}

/** Three migrations of one target, of which the first one does something more. */
function work(first: () => unknown = () => {}): { readonly manifest: ReturnType<typeof manifestOf>; calls: string[] } {
  const calls: string[] = []
  const ids = ['app:1', 'app:2', 'app:3']
  const manifest = manifestOf(
    ids.map((id, index) =>
      migration({
        id,
        uses: { data: 'kv' },
        async up({ data }) {
          calls.push(id)
          if (index === 0) await first()
          await data.set(id, 1)
        },
      }),
    ),
  )
  // Brings no code of its own for several storages, whose lease would last longer.
  const { storages: _, traits: __, ...rest } = manifest
  return { manifest: rest, calls }
}

const idempotent = (calls: string[]): TestMigration =>
  migration({
    id: 'app:1',
    uses: { data: 'kv' },
    traits: { idempotent: true },
    up: async () => void calls.push('app:1'),
  })

const recordIn = async (cell: Cell): Promise<Record<string, unknown>> =>
  JSON.parse((await cell.get()) ?? '{}') as Record<string, unknown>

/** Somebody else takes it, and stays. */
async function steal(cell: Cell): Promise<void> {
  const text = await cell.get()
  const record = JSON.parse(text ?? '{}') as Record<string, unknown>
  const next = { ...record, token: Number(record['token']) + 1, nonce: 'of the thief', ttl: 60_000 }
  expect(await cell.swap(text, JSON.stringify(next))).toBe(true)
}

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/** Each time another connection to the same target: runs of one process queue up for theirs. */
function given(state: Adapter, more: Partial<Options> = {}): Options {
  const data = targets.get(state) ?? new Map<string, Json>()
  targets.set(state, data)
  return { adapters: { data: { ...memory(data), client: {} } }, state, ...more }
}

const targets = new Map<Adapter, Map<string, Json>>()

describe('the lease of a run', () => {
  it('is taken where the state is elsewhere, and given back', async () => {
    const { state, cell } = storeWith()
    const tokens: unknown[] = []
    const { manifest } = work(async () => tokens.push(await recordIn(cell)))
    const options = given(state)
    await migrate(manifest, options)
    expect(tokens).toMatchObject([{ token: 1, nonce: expect.any(String), ttl: TTL, id: 'app:1' }])
    expect(await recordIn(cell)).toMatchObject({ token: 1, nonce: null })
  })

  it('is not touched where there is nothing to do, nor where the state is in the target', async () => {
    const { state, asked } = storeWith()
    const { manifest } = work()
    const options = given(state)
    await migrate(manifest, options)
    expect(asked.length).toBeGreaterThan(0)
    asked.length = 0
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'current' })
    expect(asked).toEqual([])
    const other = storeWith()
    await migrate(manifest, { adapters: { data: other.state }, state: 'data' })
    expect(other.asked).toEqual([])
  })

  it('is given back when a migration fails, and taken by the next run with the next token', async () => {
    const { state, cell } = storeWith()
    const options = given(state)
    const failing = work(() => Promise.reject(new Error('no')))
    await expect(migrate(failing.manifest, options)).rejects.toMatchObject({ code: 'MIG_R0201' })
    expect(await recordIn(cell)).toMatchObject({ token: 1, nonce: null })
    await migrate(work().manifest, options)
    expect(await recordIn(cell)).toMatchObject({ token: 2, nonce: null })
  })

  it('gives signs of life for as long as a migration takes', async () => {
    const { state, cell } = storeWith()
    const nonces = new Set<unknown>()
    const { manifest } = work(async () => {
      for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) {
        await delay(TTL / 3)
        nonces.add((await recordIn(cell))['nonce'])
      }
    })
    await migrate(manifest, given(state))
    expect(nonces.size).toBeGreaterThan(3)
  })

  it('C13 is lost when the event loop was blocked, and nothing more is started while somebody else has it', async () => {
    const { state, cell } = storeWith()
    const { manifest, calls } = work(async () => {
      await steal(cell)
      block(TTL)
    })
    const events: MigrationEvent[] = []
    const running = migrate(manifest, given(state, { onEvent: (event) => events.push(event) }))
    while (!events.some(({ type }) => type === 'waiting')) await delay(10)
    await delay(200)
    // What was under way has come to its end.
    expect(calls).toEqual(['app:1'])
    expect(events.filter(({ type }) => type === 'applied')).toHaveLength(1)
    await createMigrator(manifest, given(state)).release('state', { token: '2' })
    expect((await running).applied.map(({ id }) => id)).toEqual(['app:1', 'app:2', 'app:3'])
    expect(calls).toEqual(['app:1', 'app:2', 'app:3'])
  })

  it('C13 without it the next migration is started at once', async () => {
    const { state } = storeWith()
    const { manifest, calls } = work(() => block(TTL))
    const runAll = runSideBySide
    await migrate(manifest, given({ ...state, strategy: strategy({ several: { ...several, runAll } }) }))
    expect(calls).toEqual(['app:1', 'app:2', 'app:3'])
  })

  it('is asked for again before work on a storage without a log that had to wait for its client', async () => {
    const { state, cell } = storeWith()
    const calls: string[] = []
    const [manifest, data] = [manifestOf([idempotent(calls)]), remote(new Map())]
    const events: MigrationEvent['type'][] = []
    const { reached, reach } = moment()
    const busy = exclusively([data.client], () => reached)
    const onEvent = ({ type }: MigrationEvent): unknown => events.push(type)
    const { storages: _, traits: __, ...rest } = manifest
    const running = migrate(rest, { adapters: { data }, state, onEvent })
    while ((await cell.get()) === null) await delay(10)
    await delay(50)
    await steal(cell)
    await delay(TTL)
    reach()
    await busy
    while (!events.includes('waiting') && calls.length === 0) await delay(10)
    expect(calls).toEqual([])
    await createMigrator(manifest, { adapters: { data: remote(new Map()) }, state }).release('state', { token: '2' })
    expect((await running).applied.map(({ id }) => id)).toEqual(['app:1'])
    expect(calls).toEqual(['app:1'])
  })

  it('is taken again where nobody else has it, although it was lost', async () => {
    const { state, cell } = storeWith()
    const { manifest, calls } = work(() => block(TTL))
    await migrate(manifest, given(state))
    expect(calls).toEqual(['app:1', 'app:2', 'app:3'])
    expect(Number((await recordIn(cell))['token'])).toBeGreaterThanOrEqual(1)
  })

  it('N10 is stolen between every two of its operations, and each effect is there once', async () => {
    for (let at = 1; ; at++) {
      let calls = 0
      let isStolen = false
      const thief = (cell: Cell): Cell => {
        const pass = async <T>(call: () => Promise<T>): Promise<T> => {
          if (++calls === at) {
            isStolen = true
            const text = await cell.get()
            await cell.swap(text, JSON.stringify({ token: 40 + at, nonce: null, ttl: TTL }))
          }
          return call()
        }
        return { get: () => pass(() => cell.get()), swap: (before, next) => pass(() => cell.swap(before, next)) }
      }
      const { state } = storeWith(thief)
      const { manifest, calls: done } = work()
      const options = given(state)
      const { applied } = await migrate(manifest, options)
      expect(applied).toHaveLength(3)
      expect(done).toEqual(['app:1', 'app:2', 'app:3'])
      if (!isStolen) break
      expect(at).toBeLessThan(20)
    }
  })

  it('is had although the answer to taking it was lost, and is given back', async () => {
    let isLost = false
    const { state, cell } = storeWith((real) => ({
      get: () => real.get(),
      async swap(expected, next) {
        const answer = await real.swap(expected, next)
        if (isLost) return answer
        isLost = true
        throw new Error('connection lost')
      },
    }))
    await migrate(work().manifest, given(state))
    expect(await recordIn(cell)).toMatchObject({ token: 1, nonce: null })
  })

  it('is not needed: where the cell cannot be written, the run goes on without', async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('permission denied')
    }
    const { state, asked } = storeWith(() => ({ get: refuse, swap: refuse }))
    const { applied } = await migrate(work().manifest, given(state))
    expect(applied).toHaveLength(3)
    expect(asked).toContain('get')
  })

  it.each(['', 'x', 'null', '[]', '{"token":"a"}', '{"token":3,"nonce":7}'])(
    'takes what holds %j for free',
    async (text) => {
      const { state, cell } = storeWith()
      await cell.swap(null, text)
      const { applied } = await migrate(work().manifest, given(state))
      expect(applied).toHaveLength(3)
      expect(await recordIn(cell)).toMatchObject({ nonce: null })
    },
  )

  it('is not waited for by a run that works on other storages', async () => {
    const { state, cell } = storeWith()
    const events: string[] = []
    const { manifest } = work(async () => {
      const apart = { data: memory() }
      const other = await migrate(
        work().manifest,
        given(state, { tenant: 'another', adapters: apart, onEvent: ({ type }) => events.push(type) }),
      )
      expect(other.applied).toHaveLength(3)
    })
    await migrate(manifest, given(state, { tenant: 'one' }))
    expect(events).toContain('applied')
    expect(events).not.toContain('waiting')
    expect(await recordIn(cell)).toMatchObject({ nonce: null })
  })

  it('is waited for as long as `wait` and `signal` say', async () => {
    const { state, cell } = storeWith()
    const options = given(state)
    const controller = new AbortController()
    const { manifest } = work(async () => {
      const late = migrate(work().manifest, given(state, { wait: 100 }))
      await expect(late).rejects.toMatchObject({
        code: 'MIG_R0205',
        target: 'state',
        message: expect.stringMatching(/leased with the token 1 by a run that began with app:1/),
      })
      const stopped = migrate(work().manifest, given(state, { signal: controller.signal }))
      setTimeout(() => controller.abort(), 100)
      await expect(stopped).rejects.toMatchObject({ code: 'MIG_R0206' })
      expect(await recordIn(cell)).toMatchObject({ token: 1 })
    })
    await migrate(manifest, options)
  })

  it('is released by its token and by no other, and the report says whose it was', async () => {
    const { state, cell } = storeWith()
    const { manifest } = work(async () => {
      const migrator = createMigrator(manifest, given(state))
      await expect(migrator.release('state', { token: '7' })).rejects.toMatchObject({
        code: 'MIG_R0126',
        message: expect.stringMatching(/it is leased with the token 1 by a run that began with app:1/),
      })
      const dry = await migrator.release('state', { token: '1', dryRun: true })
      expect(dry.actions).toMatchObject([{ do: 'release', token: '1', holder: expect.stringMatching(/app:1/) }])
      expect(await recordIn(cell)).toMatchObject({ nonce: expect.any(String) })
      expect((await migrator.release('state', { token: '1' })).actions).toEqual(dry.actions)
      expect(await recordIn(cell)).toMatchObject({ nonce: null })
      const other = await migrate(work().manifest, given(state))
      expect(other.applied).toHaveLength(3)
    })
    expect(await migrate(manifest, given(state))).toMatchObject({ applied: [] })
  })
})
