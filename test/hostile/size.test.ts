import { describe, expect, it } from 'vitest'
import { LONG, MANY, take } from './sizes.ts'

/** Of any number of problems, what is printed fits a scrollback. */
const MOST_PRINTED = 1_000_000

describe('H06 the size of what is read', () => {
  it.each([...LONG, ...MANY])('$name: limits, and time that grows as it does', async (size) => {
    const few = await take(size, size.small)
    expect(few.codes).toEqual(size.codes)
    expect(few.printed).toBeLessThan(MOST_PRINTED)
    const more = await take(size, size.small * 4)
    // Sixteen times as long would be the square. What is short is lost in the noise of the machine.
    expect(more.ms).toBeLessThan(few.ms * 10 + 500)
  })
})
