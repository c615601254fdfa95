import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What runs left in the folder of log, lock and stages, and temporary files anywhere below `root`. A lock whose holder is
 * dead is free.
 */
export function diskLeftovers(root: string, books: string): readonly string[] {
  const all = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []
  const temporary = all.filter((path) => path.includes('.tmp-')).map((path) => `temporary ${path}`)
  const stages = namesIn(join(books, 'stage')).map((name) => `staged ${name}`)
  const locks = namesIn(join(books, 'lock')).filter((name) => {
    const text = readFileSync(join(books, 'lock', name), 'utf8')
    const { released, pid } = JSON.parse(text) as { readonly released?: true; readonly pid?: number }
    return released !== true && existsSync(`/proc/${pid}`)
  })
  return [...temporary, ...stages, ...locks.map((name) => `lock/${name} is held`)]
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.tmp-')) : []
}
