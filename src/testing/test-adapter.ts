import { type AdapterCase, type Play, Scene, type TestAdapterOptions } from './adapter-case.ts'
import { DEFERRED_CASES } from './deferred-cases.ts'
import { DIRECT_CASES, ENDED_TRANSACTION_CASES } from './direct-cases.ts'
import { type AnyFixture, type Opened, importFixture, lenderOf } from './fixture.ts'
import { LEASE_CASES } from './lease-cases.ts'
import { KILLED_LOCK_CASES, LOCK_CASES } from './lock-cases.ts'
import { DAMAGE_CASES, LOG_CASES, UNTOUCHED_CASES } from './log-cases.ts'
import { KILLED_RUN_CASES, RUN_CASES } from './run-cases.ts'
import { TRANSACTION_CASES } from './transaction-cases.ts'
import { KILLED_UNRECORDED_CASES, UNRECORDED_CASES } from './unrecorded-cases.ts'
import { KILLED_WITHOUT_LOG_CASES, WITHOUT_LOG_CASES } from './without-log-cases.ts'

/**
 * Shows by several processes, some of which are killed, that an adapter does what `Adapter` and its capabilities promise.
 * A process is killed before and after each call of the adapter and of what it hands out; what the adapter's driver does
 * within a call is not interrupted.
 *
 * The cases take up to a minute together, the ones that kill most of it: give them time in your runner.
 *
 * @param fixture of a module that exports what `Fixture` says
 * @returns cases for any runner, chosen by the capabilities and by what the fixture offers
 * @example
 * for (const { name, run } of await testAdapter(new URL('./my-adapter.fixture.js', import.meta.url))) it(name, run)
 */
export async function testAdapter(fixture: URL, options: TestAdapterOptions = {}): Promise<readonly AdapterCase[]> {
  const { processes = 6, killEvery = 1, wait = 60_000 } = options
  const module = await importFixture(fixture.href)
  const sceneOf = (): Scene => new Scene(fixture.href, module, { processes, killEvery, wait })
  const plays = await inScene(sceneOf(), async (scene) => casesFor(await scene.open(scene.key()), module))
  return Object.entries(plays).map(([name, play]) => ({ name, run: () => inScene(sceneOf(), play) }))
}

async function inScene<T>(scene: Scene, play: (scene: Scene) => Promise<T>): Promise<T> {
  try {
    return await play(scene)
  } finally {
    await scene.end()
  }
}

async function casesFor(opened: Opened, { isLocal = false }: AnyFixture): Promise<Readonly<Record<string, Play>>> {
  const { adapter, isUntouched, damage, state } = opened
  const session = await adapter.open()
  const { atomic, deferred, unrecorded } = adapter.capabilities
  const leaseCases = lenderOf(opened) ? LEASE_CASES : {}
  if (atomic === 'none') {
    await session.close()
    return { ...WITHOUT_LOG_CASES, ...(isLocal ? {} : KILLED_WITHOUT_LOG_CASES), ...leaseCases }
  }
  const commits = adapter.state !== null || state !== undefined
  const cases = {
    ...LOG_CASES,
    ...(isUntouched ? UNTOUCHED_CASES : {}),
    ...(damage ? DAMAGE_CASES : {}),
    ...(session.begin ? TRANSACTION_CASES : {}),
    ...(deferred ? DEFERRED_CASES : {}),
    ...(unrecorded ? UNRECORDED_CASES : {}),
    ...(unrecorded && !isLocal ? KILLED_UNRECORDED_CASES : {}),
    ...(session.direct ? DIRECT_CASES : {}),
    ...(session.direct && adapter.dialect === 'mysql' ? ENDED_TRANSACTION_CASES : {}),
    ...leaseCases,
    ...(session.tryLock ? LOCK_CASES : {}),
    ...(session.tryLock && !isLocal ? KILLED_LOCK_CASES : {}),
    ...(commits ? RUN_CASES : {}),
    ...(commits && !isLocal ? KILLED_RUN_CASES : {}),
  }
  await session.close()
  return cases
}
