import { describe } from 'vitest'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'
import { useCases } from './use-cases.ts'

// Where the test started a server of its own, it ends with it.
useDatabases()
process.env['TESTING_MARIADB'] = mariadbUrl

describe.skipIf(mariadbUrl === undefined)('MariaDB', () => {
  if (mariadbUrl !== undefined) useCases('mysql2', { processes: 4, killEvery: 19 })
})
