import type { Traits } from './manifest.ts'

/** What a migration says about how it runs, and not only to the people who review it. */
export function runTraits(traits: Traits = {}): Omit<Traits, 'destructive'> {
  const { destructive: _, ...others } = traits
  return others
}

/** For reports: the field where it is set, else nothing. */
export function destructiveOf({ destructive }: Traits = {}): Pick<Traits, 'destructive'> {
  return destructive ? { destructive } : {}
}
