import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { jsonFile } from '../../../src/adapters/json-file.ts'
import { diskLeftovers } from './disk-leftovers.ts'
import { filesCase } from './files.ts'
import { type StorageCase, freshName } from './storage-case.ts'

export const jsonFileCase: StorageCase = {
  adapter: 'json-file',
  kind: 'kv',
  unit: 'entry',
  reach: 'processes',
  always: [],
  errors: filesCase.errors,
  create: async ({ folder }) => ({ home: join(folder, freshName()) }),
  connect: async ({ home = '' }) => ({ adapter: jsonFile(join(home, 'data.json')), end: async () => {} }),
  async effects({ home = '' }) {
    const file = join(home, 'data.json')
    if (!existsSync(file)) return []
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly effects?: readonly string[] }).effects ?? []
  },
  leftovers: async ({ home = '' }) => diskLeftovers(home, join(home, 'data.json.migrations')),
  remove: async ({ home = '' }) => rmSync(home, { recursive: true, force: true }),
}
