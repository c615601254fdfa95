import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file if its text differs, atomically: whoever watches it never reads half of it. */
export function replaceFile(file: string, text: string): void {
  // Git may have checked it out with the line ends of Windows.
  if (textOf(file)?.replaceAll('\r\n', '\n') === text) return
  const next = join(dirname(file), `.${basename(file)}.${randomUUID()}`)
  try {
    writeFileSync(next, text)
    renameSync(next, file)
  } finally {
    rmSync(next, { force: true })
  }
}

/** `undefined` where there is no such file. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
