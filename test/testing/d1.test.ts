import { tablesOf, useD1 } from '../servers/d1.ts'
import { useCases } from './use-cases.ts'

// More databases than there are cases.
const server = useD1(40)
Object.assign(globalThis, { createTestingD1: server.createDatabase, tablesOfTestingD1: tablesOf })

useCases('d1')
