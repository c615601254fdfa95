import { describe, it } from 'vitest'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'
import { assertCrowd, killEverywhere } from './mysql-kill.ts'

const databases = useDatabases()

describe.skipIf(mariadbUrl === undefined)('processes on one MariaDB', () => {
  it.each(['plain', 'again', 'steps'] as const)(
    'C03, C04: killed before every one of its messages, a run of %s statements goes on',
    { timeout: 1_800_000 },
    (way) => killEverywhere(databases, way, 1),
  )

  it('N01: a hundred at once', { timeout: 1_800_000 }, () => assertCrowd(databases, 100))
})
