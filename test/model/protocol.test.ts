import { describe, expect, it } from 'vitest'
import { explore, told } from './explore.ts'
import { pageOf } from './page.ts'
import type { Outcome } from './search.ts'
import { TOPICS } from './variants/topics.ts'
import type { Variant } from './variants/variant.ts'

/** Enough for each of these: all together take some seconds. */
const LIMIT = 60_000

const outcomes = new Map<Variant, Outcome>()

describe.each(TOPICS)('$title', ({ variants }) => {
  it.each(variants)('$name', (variant) => {
    const outcome = explore(variant, LIMIT)
    outcomes.set(variant, outcome)
    const { broken } = variant
    if (!broken) return expect(outcome.verdict, told(outcome)).toBe('holds')
    expect(told(outcome)).toMatch(/^refuted after [1-9]/)
    expect(outcome.verdict === 'refuted' && outcome.violation, told(outcome)).toMatch(broken)
  })
})

it('each topic has protections, and twins without', () => {
  for (const { variants } of TOPICS) {
    expect(variants.filter(({ broken }) => broken).length).toBeGreaterThan(1)
    expect(variants.filter(({ broken }) => !broken).length).toBeGreaterThan(0)
  }
})

it('docs/protocol.md says what was found', async () => {
  expect(outcomes.size).toBe(TOPICS.flatMap(({ variants }) => variants).length)
  await expect(pageOf(TOPICS, outcomes)).toMatchFileSnapshot('../../docs/protocol.md')
})
