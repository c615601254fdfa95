import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MATRIX } from './matrix.ts'
import { CASES, WITHOUT } from './storages/cases.ts'

const adapters = readdirSync(join(import.meta.dirname, '../../src/adapters'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const targets = new Set(MATRIX.map(({ main }) => main))

it.each(adapters)('faults are tested in the storage of %s, or it is said why not', (adapter) => {
  const hasCase = CASES.some((one) => one.adapter === adapter) && targets.has(adapter)
  expect(hasCase).toBe(!WITHOUT.has(adapter))
})

it('there is no case without its adapter', () => {
  const named = [...CASES.map(({ adapter }) => adapter), ...WITHOUT.keys(), ...targets]
  expect(named.filter((adapter) => !adapters.includes(adapter))).toEqual([])
})
