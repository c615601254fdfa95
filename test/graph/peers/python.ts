import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Debian's own first: its packages are not seen by another Python. */
const CANDIDATES = ['/usr/bin/python3', 'python3']

/** A Python that can import `module`; where none can, says in one line what to install. */
export function findPython(module: string, debianPackage: string): string | undefined {
  const found = CANDIDATES.find((command) => spawnSync(command, ['-c', `import ${module}`]).status === 0)
  if (found === undefined)
    console.warn(`skipped: no Python with ${module}. To run it: apt-get install ${debianPackage}`)
  return found
}

/** A Python script of this folder that answers each line of JSON with one, as long as the tests need it. */
export class Peer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting: ((line: string) => void)[] = []
  readonly #failed: ((reason: Error) => void)[] = []
  #complaints = ''

  constructor(python: string, script: string) {
    this.#process = spawn(python, [join(import.meta.dirname, script)])
    this.#process.stderr.on('data', (data: Buffer) => {
      this.#complaints += data.toString()
    })
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#failed.shift()
      this.#waiting.shift()?.(line)
    })
    this.#process.on('close', (code) => {
      for (const fail of this.#failed) fail(new Error(`${script} ended with ${code}: ${this.#complaints}`))
    })
  }

  async ask<Answer>(question: unknown): Promise<Answer> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push(resolve)
      this.#failed.push(reject)
      this.#process.stdin.write(`${JSON.stringify(question)}\n`)
    })
    return JSON.parse(line) as Answer
  }

  async end(): Promise<void> {
    const closed = new Promise((resolve) => this.#process.on('close', resolve))
    this.#process.stdin.end()
    await closed
  }
}
