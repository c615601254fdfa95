import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ScanOptions } from '../options.ts'
import { stampOf } from './stamp.ts'

/** Counts the shapes of what is kept. */
const SHAPE = 1

/** What must be the same for one scan to use what another one kept: shape, this package, parser, and options. */
export function cacheKey({ path, packages }: ScanOptions): string {
  return JSON.stringify([SHAPE, versions(), path, packages])
}

let known: readonly string[] | undefined

function versions(): readonly string[] {
  return (known ??= readVersions())
}

function readVersions(): readonly string[] {
  try {
    const { resolve } = createRequire(import.meta.url)
    return [
      versionIn(resolve('unplugin-migrations/package.json')),
      versionIn(resolve('oxc-parser/package.json')),
      // While this package is worked on, its version stays and its code changes.
      stampOf(fileURLToPath(import.meta.url))?.text ?? '',
    ]
  } catch {
    // Who bundled this package took it away from what tells its version: nothing that is kept is surely its own.
    return [randomUUID()]
  }
}

function versionIn(file: string): string {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined
  return typeof version === 'string' ? version : ''
}
