import { expect, it } from 'vitest'
import { type Model, search } from './search.ts'

/** From 1, by adding one or doubling. */
function numbers(wrong: number, most: number): Model<number> {
  return {
    initial: 1,
    keyOf: String,
    next: (state) =>
      [['add one', state + 1] as const, ['double', state * 2] as const].filter(([, after]) => after <= most),
    violation: (state) => (state === wrong ? `it is ${state}` : undefined),
  }
}

it('tells a shortest way to what is wrong', () => {
  expect(search(numbers(10, 100), 1000)).toMatchObject({
    verdict: 'refuted',
    violation: 'it is 10',
    steps: ['add one', 'double', 'add one', 'double'],
  })
})

it('visits every state once', () => {
  expect(search(numbers(0, 100), 1000)).toEqual({ verdict: 'holds', states: 100 })
})

it('says of a search without an end that it has none', () => {
  expect(() => search(numbers(0, Infinity), 1000)).toThrow('more than 1000 states')
})
