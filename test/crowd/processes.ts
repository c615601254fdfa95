import { type ChildProcess, spawn } from 'node:child_process'
import { type Placement, writtenPlacement } from '../faults/scenario.ts'
import type { Report, Task } from './member.ts'

/** What one process of a crowd does. */
export interface Part {
  readonly placement: Placement
  readonly task: Task
  /** The Node that it runs on. */
  readonly node: string
}

/**
 * Processes for crowds, of which each takes part in one after the other: starting two hundred takes longer than what they
 * do.
 */
export class Processes {
  readonly #file: string
  readonly #all = new Map<string, One[]>()

  constructor(file: string) {
    this.#file = file
  }

  /**
   * All parts at once: each has its process, and they begin when all of them are connected.
   *
   * @throws when one ends, or says something on its standard error
   */
  async race(parts: readonly Part[]): Promise<readonly Report[]> {
    const used = new Map<string, number>()
    const crowd = parts.map((part) => {
      const index = used.get(part.node) ?? 0
      used.set(part.node, index + 1)
      const those = this.#all.get(part.node) ?? []
      this.#all.set(part.node, those)
      return { part, one: (those[index] ??= new One(part.node, this.#file)) }
    })
    const prepared = crowd.map(({ part: { placement, task }, one }) =>
      one.ask(JSON.stringify({ placement: writtenPlacement(placement), task })),
    )
    await Promise.all(prepared)
    const answers = await Promise.all(crowd.map(({ one }) => one.ask('go')))
    return answers.map((answer) => JSON.parse(answer) as Report)
  }

  /** @throws when one did not end by itself, and well */
  async end(): Promise<void> {
    await Promise.all([...this.#all.values()].flat().map((one) => one.end()))
  }

  /** What a failed test has left. */
  kill(): void {
    for (const one of [...this.#all.values()].flat()) one.kill()
  }
}

class One {
  readonly #child: ChildProcess
  readonly #closed: Promise<string>
  #out = ''
  #errors = ''
  #answer: (line: string) => void = () => {}

  constructor(node: string, file: string) {
    const child = spawn(node, [file])
    this.#child = child
    // It may be gone when it is asked.
    child.stdin.on('error', () => {})
    child.stderr.on('data', (text) => (this.#errors += String(text)))
    child.stdout.on('data', (text) => {
      this.#out += String(text)
      if (!this.#out.endsWith('\n')) return
      const line = this.#out
      this.#out = ''
      this.#answer(line)
    })
    this.#closed = new Promise((resolve) => {
      child.on('error', (error) => resolve(String(error)))
      child.on('close', (code, signal) => resolve(`${signal ?? code}`))
    })
  }

  async ask(line: string): Promise<string> {
    const answer = new Promise<string>((resolve) => (this.#answer = resolve))
    this.#child.stdin?.write(`${line}\n`)
    const gone = this.#closed.then((how) => Promise.reject(new Error(`A process ended with ${how}: ${this.#errors}`)))
    const text = await Promise.race([answer, gone])
    if (this.#errors !== '') throw new Error(`A process complains: ${this.#errors}`)
    return text
  }

  async end(): Promise<void> {
    this.#child.stdin?.end()
    const how = await this.#closed
    if (how !== '0' || this.#errors !== '') throw new Error(`A process ended with ${how}: ${this.#errors}`)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
