import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { files } from '../../../src/adapters/files.ts'
import { diskLeftovers } from './disk-leftovers.ts'
import { type StorageCase, coded, freshName } from './storage-case.ts'

export const filesCase: StorageCase = {
  adapter: 'files',
  kind: 'files',
  unit: 'entry',
  reach: 'processes',
  always: [],
  errors: {
    lost: () => coded('EIO', 'EIO: i/o error, fsync'),
    busy: () => coded('EMFILE', 'EMFILE: too many open files, open'),
    error: () => coded('ENOSPC', 'ENOSPC: no space left on device, write'),
  },
  create: async ({ folder }) => ({ root: join(folder, freshName()) }),
  connect: async ({ root = '' }) => ({ adapter: files(root), end: async () => {} }),
  async effects({ root = '' }) {
    const file = join(root, 'effects.txt')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  },
  leftovers: async ({ root = '' }) => diskLeftovers(root, join(root, '.migrations')),
  remove: async ({ root = '' }) => rmSync(root, { recursive: true, force: true }),
}
