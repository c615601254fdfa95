import type { Marks } from './marks.ts'

/** The active migrations that take the place of one: itself while it is active. */
export function standIns(
  { active, instead }: { readonly active: Marks; readonly instead: ReadonlyMap<number, readonly number[]> },
  position: number,
): readonly number[] {
  const found: number[] = []
  const open = [position]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (active[next] === 1) found.push(next)
    else for (const other of instead.get(next) ?? []) open.push(other)
  return found
}
