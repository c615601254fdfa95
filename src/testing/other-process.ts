import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from './command.ts'
import type { Worker } from './worker.ts'

/** `killed`: by the command itself, at the call named `at`. */
export type Reply =
  | { readonly type: 'answered'; readonly answer: unknown }
  | { readonly type: 'killed'; readonly at: string }

/** What the process sends for one command. */
export type Message = { readonly answer: unknown } | { readonly error: string }

const PROGRAM = fileURLToPath(new URL('./process.js', import.meta.url))

/** A process that has the fixture open on a key, and does what it is asked, one command after the other. */
export class OtherProcess implements Worker {
  readonly #child: ChildProcess
  readonly #wait: number
  readonly #closed: Promise<NodeJS.Signals | number | null>
  #said = ''

  constructor(url: string, key: string, wait: number) {
    this.#wait = wait
    // What the runner's own process was started with (loaders, coverage, an inspector) is not for this one.
    this.#child = fork(PROGRAM, [url, key], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => (this.#said += String(text)))
    this.#closed = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      this.#child.on('close', (code, signal) => resolve(signal ?? code))
    })
  }

  /** Rejects with what the process says, when the command fails, or the process ends in another way than asked for. */
  async reply(command: Command): Promise<Reply> {
    const message = new Promise<Message>((resolve) => this.#child.once('message', (sent) => resolve(sent as Message)))
    this.#child.send(command)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const text = `After ${this.#wait} ms there is no answer to ${JSON.stringify(command)}. ${this.#said}`
      timer = setTimeout(() => reject(new Error(text)), this.#wait)
    })
    try {
      const first = await Promise.race([message, this.#closed, late])
      if (typeof first === 'object' && first !== null) {
        if ('error' in first) throw new Error(first.error)
        return { type: 'answered', answer: first.answer }
      }
      const at = /^killed (.*)$/m.exec(this.#said)?.[1]
      if (first === 'SIGKILL' && at !== undefined) return { type: 'killed', at }
      throw new Error(`The process ended (${first}) at ${JSON.stringify(command)}: ${this.#said}`)
    } finally {
      clearTimeout(timer)
    }
  }

  async ask(command: Command): Promise<unknown> {
    const reply = await this.reply(command)
    assert.equal(reply.type, 'answered')
    return reply.type === 'answered' ? reply.answer : undefined
  }

  /** As a power failure does it: nothing of the process's own runs any more. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed
  }

  async end(): Promise<void> {
    await this.kill()
  }
}
