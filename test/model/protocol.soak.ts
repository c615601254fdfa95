import { describe, expect, it } from 'vitest'
import { explore, told } from './explore.ts'
import { TOPICS } from './variants/topics.ts'

const LIMIT = 4_000_000
const TIMEOUT = 15 * 60_000

describe.each(TOPICS)('$title', ({ thorough }) => {
  it.each(thorough)('$name', { timeout: TIMEOUT }, (variant) => {
    const outcome = explore(variant, LIMIT)
    expect(outcome.verdict, told(outcome)).toBe('holds')
  })
})
