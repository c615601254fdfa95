import { randomBytes } from 'node:crypto'
import type { Adapter, Session } from '../runtime/adapter.ts'
import type { AnyFixture, Opened } from './fixture.ts'
import { OtherProcess } from './other-process.ts'
import { type Worker, workerOn } from './worker.ts'

export interface TestAdapterOptions {
  /** How many processes work on one storage at once. @default 6 */
  readonly processes?: number
  /** 1 kills a process at each call in turn, 3 at every third: where a storage is slow. @default 1 */
  readonly killEvery?: number
  /**
   * How long a process may take for one answer, in ms; also how long after the end of its holder a lock is free at the
   * latest. @default 60000
   */
  readonly wait?: number
}

/** For any runner: `it(name, run)`. */
export interface AdapterCase {
  readonly name: string
  /** Rejects when the adapter does not do what `name` says. */
  run(): Promise<void>
}

/** What a case is given: ends all that it opened and started, however it ends. */
export class Scene {
  readonly #url: string
  readonly #fixture: AnyFixture
  readonly #ends: (() => Promise<void>)[] = []
  readonly #keys = new Set<string>()
  readonly #sessions = new Set<Session>()
  /** How many processes work at once. */
  readonly crowd: number
  /** 1: at each call, 2: at every other one. */
  readonly killEvery: number
  /** How long a process may take, and a storage may be busy, in ms. */
  readonly wait: number

  constructor(url: string, fixture: AnyFixture, { processes, killEvery, wait }: Required<TestAdapterOptions>) {
    this.#url = url
    this.#fixture = fixture
    this.crowd = processes
    this.killEvery = killEvery
    this.wait = wait
  }

  /** Of a new, empty storage. */
  key(): string {
    const key = `k${randomBytes(8).toString('hex')}`
    this.#keys.add(key)
    return key
  }

  async open(key: string): Promise<Opened> {
    const opened = await this.#fixture.open(key)
    this.#ends.push(() => opened.close())
    return opened
  }

  async session(adapter: Adapter): Promise<Session> {
    const session = await adapter.open()
    this.#sessions.add(session)
    this.#ends.push(() => this.close(session))
    return session
  }

  /** Sooner than with the scene. */
  async close(session: Session): Promise<void> {
    if (this.#sessions.delete(session)) await session.close()
  }

  async start(key: string): Promise<OtherProcess> {
    const process = new OtherProcess(this.#url, key, this.wait)
    this.#ends.push(() => process.end())
    await process.ask({ do: 'greet' })
    return process
  }

  /** Processes, or clients of this one where no other can reach the storage. */
  async startCrowd(key: string, size: number = this.crowd): Promise<readonly Worker[]> {
    const start = (): Promise<Worker> => (this.#fixture.isLocal ? this.#startHere(key) : this.start(key))
    const first = await start()
    return [first, ...(await Promise.all(Array.from({ length: size - 1 }, start)))]
  }

  async #startHere(key: string): Promise<Worker> {
    const worker = workerOn(await this.open(key))
    this.#ends.push(() => worker.end())
    return worker
  }

  async end(): Promise<void> {
    // The last first: a connection may be what another one waits for.
    for (const end of this.#ends.toReversed()) await end()
    for (const key of this.#keys) await this.#fixture.drop?.(key)
  }
}

export type Play = (scene: Scene) => Promise<void>
