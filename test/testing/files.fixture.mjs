import { existsSync } from 'node:fs'
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { files } from 'unplugin-migrations/adapters/files'

const folderOf = (key) => join(process.env.TESTING_FOLDER, key)

export async function open(key) {
  const root = folderOf(key)
  return {
    adapter: files(root),
    isUntouched: async () => !existsSync(root),
    async damage() {
      const log = join(root, '.migrations/log')
      const last = (await readdir(log)).toSorted().at(-1)
      for (const file of [join(log, last), join(root, '.migrations/head.json')]) await truncate(file, 20)
    },
    close: async () => {},
  }
}

export async function drop(key) {
  await rm(folderOf(key), { recursive: true, force: true })
}
