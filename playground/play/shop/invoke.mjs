import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from '../processes.mjs'

const runtime = fileURLToPath(new URL('lambda.mjs', import.meta.url))

/**
 * What one instance of the function did.
 * @typedef {object} Instance
 * @property {string | undefined} outcome Of `migrate`.
 * @property {readonly string[]} applied Ids.
 * @property {number} overtaken How often another instance was first.
 * @property {readonly import('./lines.d.mts').Answer[]} answers To each event.
 * @property {number} ms From its start to its end.
 */

/**
 * Starts an instance of the function in a process of its own, and invokes it once for each path.
 * @param {string} bundle
 * @param {Readonly<Record<string, string>>} env
 * @param {readonly string[]} paths
 * @returns {Promise<Instance>}
 */
export async function invoke(bundle, env, paths) {
  const start = performance.now()
  const events = paths.map((rawPath) => JSON.stringify({ version: '2.0', rawPath }))
  const output = await runNode([runtime, bundle, ...events], { cwd: dirname(bundle), env })
  /** @type {readonly import('./lines.d.mts').InstanceLine[]} */
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const run = lines.find((line) => line.type === 'migrated')
  return {
    outcome: run?.outcome,
    applied: run?.applied.map(({ id }) => id) ?? [],
    overtaken: lines.filter(({ type }) => type === 'overtaken').length,
    answers: lines.flatMap((line) => (line.type === 'answer' ? [line.response] : [])),
    ms: Math.round(performance.now() - start),
  }
}
