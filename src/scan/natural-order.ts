import { compareCodeUnits } from '../graph/code-units.ts'

/**
 * Orders names as people number them: segment by segment, by the leading number as an integer of any length, then by
 * code units. Names with a number come before those without. The same on every machine.
 */
export function compareNatural(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (let index = 0; index < left.length && index < right.length; index++) {
    const order = compareSegments(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length || compareCodeUnits(a, b)
}

function compareSegments(a: string, b: string): number {
  const left = /^\d*/.exec(a)?.[0] ?? ''
  const right = /^\d*/.exec(b)?.[0] ?? ''
  if (left === '' || right === '') return Number(left === '') - Number(right === '') || compareCodeUnits(a, b)
  return (
    compareIntegers(left.replace(/^0+/, ''), right.replace(/^0+/, '')) ||
    compareCodeUnits(a.slice(left.length), b.slice(right.length)) ||
    compareCodeUnits(a, b)
  )
}

/** Decimal digits without leading zeros: the longer one is the greater one. */
function compareIntegers(a: string, b: string): number {
  return a.length - b.length || compareCodeUnits(a, b)
}
