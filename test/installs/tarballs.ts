import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { packPackages } from './fixture.ts'

/** The packed packages, made once for all tests of a file. @returns what resolves to paths by name */
export function tarballsOnce(): () => Promise<Readonly<Record<string, string>>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarballs-')))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let packed: Promise<Readonly<Record<string, string>>> | undefined
  return () => (packed ??= packPackages(folder))
}
