import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell } from '../../runtime/adapter.ts'
import { createWhole, namesIn, readIfExists } from './durable.ts'
import { fileName, serialIn } from './entry-file.ts'

interface Value {
  readonly serial: number
  readonly text: string | null
}

/**
 * A value in a folder: the file with the highest number holds it. As with `DiskLock` numbers only grow and `link()` is the
 * compare-and-set, so whoever acts on an old listing finds the next name taken, or a higher one beside its own.
 *
 * @param folder of the cell's own; made when it is first written
 */
export function diskCell(folder: string): Cell {
  return {
    get: async () => (await valueIn(folder)).text,
    async swap(expected, next) {
      const { serial, text } = await valueIn(folder)
      if (text !== expected) return false
      const name = fileName(serial + 1)
      if ((await createWhole(folder, name, next)) === 'exists') return false
      const names = (await namesIn(folder)).filter((other) => serialIn(other) !== null)
      const isHighest = names.at(-1) === name
      for (const other of isHighest ? names.slice(0, -1) : [name]) await rm(join(folder, other), { force: true })
      return isHighest
    },
  }
}

async function valueIn(folder: string): Promise<Value> {
  for (;;) {
    const serial = (await namesIn(folder)).map(serialIn).findLast((found) => found !== null) ?? null
    if (serial === null) return { serial: -1, text: null }
    const text = await readIfExists(join(folder, fileName(serial)))
    // Whoever put a higher one beside it has removed it.
    if (text !== null) return { serial, text }
  }
}
