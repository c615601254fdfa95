import type { DecidedSquashes } from './decide-squashes.ts'

type StandIns = Pick<DecidedSquashes, 'active' | 'instead'>

/** The active migrations that take the place of one: itself while it is active. */
export function standIns({ active, instead }: StandIns, position: number): readonly number[] {
  const found: number[] = []
  const open = [position]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (active[next]) found.push(next)
    else open.push(...(instead.get(next) ?? []))
  return found
}

/**
 * Where the edges into a migration end. A squash in use takes over those of all that it replaces; one that is not in use
 * has edges of its own, which say nothing about what it replaces: `undefined`.
 */
export function endFor({ active, instead }: StandIns, position: number): number | undefined {
  const end = active[position] ? position : instead.get(position)?.[0]
  return end !== undefined && end >= position ? end : undefined
}
