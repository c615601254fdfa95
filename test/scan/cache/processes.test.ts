import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { migration, pkg, prefixed, tree } from '../tree.ts'
import { kept } from './kept.ts'

const execute = promisify(execFile)

/** Scans again and again, and prints what differs from the first. Every second scan finds nothing that was kept. */
const CHILD = `
import { rmSync } from 'node:fs'
import { scan } from ${JSON.stringify(join(import.meta.dirname, '../../../dist/scan/scan.js'))}
const [root] = process.argv.slice(-1)
const now = Date.now
Date.now = () => now() + 60_000
const seen = new Set()
for (let round = 0; round < 12; round++) {
  if (round % 2) rmSync(root + '/node_modules/.cache/unplugin-migrations/packages.json', { force: true })
  const { diagnostics, migrations, packages } = await scan({ root })
  seen.add(JSON.stringify({ diagnostics, migrations, packages }))
}
process.stdout.write(JSON.stringify([...seen]))
`

it('several processes that scan and keep at once all find the same, and leave nothing behind', async () => {
  const root = tree({
    'package.json': pkg('app', { dependencies: Object.fromEntries(names().map((name) => [name, '1'])) }),
    ...Object.assign({}, ...names().map(packageFiles)),
  })
  const run = (): Promise<{ stdout: string }> =>
    execute(process.execPath, ['--input-type=module', '-e', CHILD, '--', root])
  const answers = await Promise.all(Array.from({ length: 4 }, run))
  const first = JSON.parse(answers[0]?.stdout ?? '') as readonly string[]
  expect(first).toHaveLength(1)
  expect(JSON.parse(first[0] ?? '').migrations).toHaveLength(40)
  for (const { stdout } of answers) expect(JSON.parse(stdout)).toEqual(first)
  expect(readdirSync(`${root}/node_modules/.cache/unplugin-migrations`).toSorted()).toEqual([
    'migrations.json',
    'packages.json',
  ])
  for (const name of ['packages', 'migrations'] as const) JSON.parse(readFileSync(kept(root, name), 'utf8'))
})

function names(): readonly string[] {
  return Array.from({ length: 40 }, (_, index) => `package-${index}`)
}

function packageFiles(name: string): ReturnType<typeof prefixed> {
  return prefixed(`node_modules/${name}/`, {
    'package.json': pkg(name, { migrations: 'migrations' }),
    'migrations/1.js': migration(),
  })
}
