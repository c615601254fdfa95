import type { Node } from './estree.ts'
import { nodesIn } from './erasure.ts'

/** What counts of a literal, however it is spelled. */
export function literalParts(node: Node, source: string): readonly unknown[] {
  const { regex, bigint, value } = node
  if (typeof regex === 'object' && regex !== null && 'pattern' in regex && 'flags' in regex)
    return ['regex', regex.pattern, String(regex.flags).split('').toSorted().join('')]
  if (typeof bigint === 'string') return ['bigint', bigint]
  if (value === Infinity) return ['number', 'Infinity', exactly(source.slice(node.start, node.end))]
  return typeof value === 'number' ? ['number', String(value)] : [typeof value, value]
}

/** `raw` where a tag can see it. Both have LF whatever the file has. */
export function templateTexts(template: Node, which: 'cooked' | 'raw'): readonly unknown[] {
  return nodesIn(template['quasis']).map(({ value }) =>
    typeof value === 'object' && value !== null && which in value ? value[which as keyof typeof value] : null,
  )
}

/** A number beyond the range of numbers: all of them have one value, but two of them are no two spellings of it. */
function exactly(written: string): string {
  const text = written.replaceAll('_', '').toLowerCase()
  if (/^0[xob]/.test(text)) return BigInt(text).toString(16)
  const [digits = '', exponent = '0'] = text.split('e')
  const [whole = '', fraction = ''] = digits.split('.')
  const mantissa = whole + fraction
  const end = endOfDigits(mantissa)
  const significant = mantissa.slice(0, end).replace(/^0+/, '')
  return `${significant}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(mantissa.length - end)}`
}

function endOfDigits(mantissa: string): number {
  let end = mantissa.length
  while (mantissa.charAt(end - 1) === '0') end--
  return end
}
