import { expect } from 'vitest'
import type { LimitedRoles } from './connection-limit.ts'
import { type Crowds, times } from './crowds.ts'
import { IN_TARGET } from './scenarios.ts'
import { verdict } from './verdict.ts'

export interface Few {
  readonly processes: number
  /** Of all of them together. */
  readonly connections: number
}

/** More processes than PostgreSQL gives connections: those that are refused try again, and all end well. */
export async function waitsForConnections(
  crowds: Crowds,
  roles: LimitedRoles,
  { processes, connections }: Few,
): Promise<void> {
  const one = IN_TARGET.find(({ scenario }) => scenario.main === 'pg')
  if (!one) return expect.unreachable('PostgreSQL is among the cases')
  let refused = 0
  const found = await crowds.run(
    one,
    times(processes, {}),
    async (placement, reports) => {
      refused = reports.filter(({ outcome }) => outcome.said.includes('too many connections for role')).length
      return verdict(placement, reports)
    },
    (placement) => roles.limited(placement, connections),
  )
  expect(found).toEqual([])
  expect(refused, 'those who had to wait for a connection').toBeGreaterThan(connections / 2)
}
