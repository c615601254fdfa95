import { describe, expect, it } from 'vitest'
import { LONG, MANY, take } from './sizes.ts'

describe('H06 the size of what is read, as far as it goes', () => {
  it.each([...LONG, ...MANY])('$large of: $name', async (size) => {
    const { codes, ms, printed } = await take(size, size.large)
    console.log(`${size.large} of: ${size.name}: ${Math.round(ms)} ms, ${printed} characters printed`)
    expect(codes).toEqual(size.codes)
    expect(printed).toBeLessThan(2_000_000)
  })
})
