import { existsSync } from 'node:fs'
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'

const folderOf = (key) => join(process.env.TESTING_FOLDER, key)

export async function open(key) {
  const books = join(folderOf(key), 'data.json.migrations')
  return {
    adapter: jsonFile(join(folderOf(key), 'data.json')),
    isUntouched: async () => !existsSync(folderOf(key)),
    async damage() {
      const last = (await readdir(join(books, 'log'))).toSorted().at(-1)
      for (const file of [join(books, 'log', last), join(books, 'head.json')]) await truncate(file, 20)
    },
    close: async () => {},
  }
}

export async function drop(key) {
  await rm(folderOf(key), { recursive: true, force: true })
}
