import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { paint } from './report.mjs'

/**
 * Prints a folder's tree with the sizes of its files.
 * @param {string} folder
 * @param {string} [indent]
 */
export async function printTree(folder, indent = '  ') {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const [index, entry] of entries.entries()) {
    const isLast = index === entries.length - 1
    const path = join(folder, entry.name)
    const about = entry.isFile() ? `${(await stat(path)).size} bytes` : ''
    console.log(`${indent}${isLast ? '└─' : '├─'} ${entry.name}${entry.isFile() ? ` ${paint('dim', about)}` : '/'}`)
    if (entry.isDirectory()) await printTree(path, `${indent}${isLast ? '   ' : '│  '}`)
  }
}
