import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { kept } from '../scan/cache/kept.ts'
import { installApp, scanApp } from './fixture.ts'
import { INSTALLS, type Install, isHere } from './package-managers.ts'
import { tarballsOnce } from './tarballs.ts'

const tarballs = tarballsOnce()
const NAMES = ['0001_init', '0002_more']

const EXPECTED = [
  ...['@acme/clock', '@acme/accounts', '@acme/billing'].flatMap((owner) => NAMES.map((name) => `${owner}:${name}`)),
  'app:1_first',
]

async function findsThem(way: Install): Promise<void> {
  const root = await installApp(way, await tarballs())
  const first = await scanApp(root, way)
  expect(first.diagnostics).toEqual([])
  expect(first.ids).toEqual(EXPECTED)
  expect(first.linked).toEqual(['app'])
  expect(first.read).toEqual(EXPECTED.map(() => true))
  const isOnDisk = way.run === undefined
  expect(existsSync(`${root}/node_modules`)).toBe(isOnDisk)
  expect(existsSync(kept(root, 'packages'))).toBe(isOnDisk)
  expect(await scanApp(root, way)).toEqual(first)
}

for (const way of INSTALLS)
  it.skipIf(!isHere(way))(`finds the migrations of packages that ${way.name} installed, and the next scan does`, () =>
    findsThem(way),
  )
