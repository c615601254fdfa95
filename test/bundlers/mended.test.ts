import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ScanOptions } from '../../src/scan/options.ts'
import { EVERY } from '../scan/problems/every.ts'
import { MENDS, type Step } from '../scan/problems/mends.ts'
import { problem, scanned, tree, write } from '../scan/tree.ts'
import { buildWithEsbuild, emitted } from './builds.ts'

const SERVER = "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n"
const MENDED = Object.entries(MENDS).map(([code, mend]) => {
  const [fixture] = new Map(Object.entries(EVERY)).get(code) ?? []
  if (!fixture) throw new Error(`${code} has no fixture`)
  return { code, ...fixture, ...mend }
})

it.each(MENDED)('the fix of $code builds', async ({ files, options, steps, types }) => {
  const root = tree({ 'server.js': SERVER, ...files })
  const { fix } = await problem(root, options)
  if (types !== undefined) {
    expect(fix).toContain(types)
    expect(JSON.stringify(steps).replaceAll(String.raw`\"`, '"')).toContain(types)
  }
  let mended: Partial<ScanOptions> = options ?? {}
  for (const step of steps)
    if ('options' in step) mended = step.options
    else if ('lock' in step) await writeLockOf(root, step.lock)
    else take(step, root)
  const { migrations } = await scanned(root, mended)
  expect(migrations).not.toEqual([])
  const { lines } = await buildWithEsbuild({ app: root, out: join(root, 'out'), options: mended })
  expect(lines).toEqual([])
  expect(emitted(join(root, 'out')).migrations).toHaveLength(migrations.length)
})

async function writeLockOf(root: string, accept: readonly string[]): Promise<void> {
  const { lock } = await scanned(root, { lock: { mode: 'review', accept } })
  write(root, { 'migrations.lock': lock?.file.after ?? '' })
}

function take(step: Exclude<Step, { readonly options: unknown } | { readonly lock: unknown }>, root: string): void {
  if ('write' in step) write(root, { [step.write]: step.content })
  else if ('move' in step) renameSync(join(root, step.move), join(root, step.to))
  else if ('remove' in step) rmSync(join(root, step.remove))
  else {
    const text = readFileSync(join(root, step.in), 'utf8')
    expect(text).toContain(step.replace)
    write(root, { [step.in]: text.replace(step.replace, step.by) })
  }
}
