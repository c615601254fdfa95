import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set()

/**
 * Runs a Node script to its end.
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: Readonly<Record<string, string>> }} options
 * @returns {Promise<string>} What it wrote to stdout. Rejects with all of its output when it fails.
 */
export async function runNode(args, { cwd, env }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  const code = await ended(child)
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}:\n${output}${errors}`)
  return output
}

/**
 * Starts the site and waits until it listens or has ended.
 * @param {string} entry
 * @param {Readonly<Record<string, string>>} env
 * @param {(line: import('./events.d.mts').ServerLine) => void} onLine Called for each thing that happens, as it happens.
 * @returns {Promise<{ readonly url: string | undefined, stop(): Promise<void> }>} Without a url it has ended.
 */
export async function startServer(entry, env, onLine) {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  alive.add(child)
  const exit = ended(child)
  /** @type {Promise<string>} */
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text)
      onLine(line)
      if (line.type === 'listening') resolve(line.url)
    })
  })
  const url = await Promise.race([listening, exit.then(() => undefined)])
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** For whatever way this process ends: nothing that it started outlives it. */
export function killAll() {
  for (const child of alive) child.kill('SIGKILL')
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | string | null>} The exit code, or the signal that ended it.
 */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      alive.delete(child)
      resolve(code ?? signal)
    })
  })
}
