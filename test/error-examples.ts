import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import type { BuildCode } from '../src/diagnostics/build.ts'
import { formatProblem } from '../src/scan/report/format-diagnostic.ts'
import { HOST_APP, HOST_PROBLEMS, jobIn } from './bundlers/problems/hosts.ts'
import { EVERY } from './scan/problems/every.ts'
import { problem, tree } from './scan/tree.ts'

/** What is printed for the first fixture of a code of the build, with `/path/to/app` for its temporary folder. */
export async function exampleOf(code: BuildCode): Promise<string> {
  const fixture = new Map(Object.entries(EVERY)).get(code)?.[0]
  if (!fixture) return hostExample(code)
  const root = tree(fixture.files)
  const lines = formatProblem(await problem(root, fixture.options), root, true)
  return lines.join('\n').replaceAll(root, '/path/to/app').replaceAll(basename(root).toLowerCase(), 'app')
}

async function hostExample(code: string): Promise<string> {
  const given = new Map(Object.entries(HOST_PROBLEMS)).get(code)?.[0]
  if (!given) throw new Error(`${code} has no fixture`)
  const root = tree({ ...HOST_APP, ...given.files })
  const { text, frame } = await given.show(jobIn(root))
  rmSync(root, { recursive: true })
  // Hosts write something before it, and show the frame below.
  const [first = '', ...rest] = text.slice(text.indexOf(`[${code}]`)).split('\n')
  const end = rest.findIndex((line) => line.startsWith('╰▶ see'))
  const below = rest.slice(0, Math.max(0, end))
  const withFrame = frame === undefined || below.join('\n').includes(frame) ? below : [frame, ...below]
  return [first, ...withFrame]
    .join('\n')
    .replaceAll(root, '/path/to/app')
    .replaceAll(basename(root).toLowerCase(), 'app')
}
