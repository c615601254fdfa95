import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import { withoutLog } from 'unplugin-migrations/runtime'

const folderOf = (key) => join(process.env.TESTING_FOLDER, 'remote', key)

/** Stands for an API that sets and gets keys, and nothing else: a file for each. */
function remote(folder) {
  const fileOf = (key) => join(folder, encodeURIComponent(key))
  const namesIn = () => readdirSync(folder).map(decodeURIComponent)
  const keys = {
    get: async (key) => (namesIn().includes(key) ? JSON.parse(readFileSync(fileOf(key), 'utf8')) : undefined),
    async *keys(prefix = '') {
      yield* namesIn().filter((key) => key.startsWith(prefix))
    },
    set: async (key, value) => writeFileSync(fileOf(key), JSON.stringify(value)),
    delete: async (key) => rmSync(fileOf(key), { force: true }),
  }
  return {
    name: 'remote',
    kinds: ['kv'],
    capabilities: { atomic: 'none' },
    strategy: withoutLog,
    log: null,
    state: null,
    client: keys,
    open: async () => ({ handle: () => keys, close: async () => {} }),
    classify: () => 'fatal',
  }
}

export async function open(key) {
  const folder = join(folderOf(key), 'keys')
  mkdirSync(folder, { recursive: true })
  return {
    adapter: remote(folder),
    state: jsonFile(join(folderOf(key), 'state.json')),
    close: async () => {},
  }
}

export async function drop(key) {
  rmSync(folderOf(key), { recursive: true, force: true })
}
