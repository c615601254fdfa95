import { PlanError } from '../plan/plan-error.ts'

/** What a target is for. */
export type Direction = 'up' | 'down' | 'either'

/** @throws PlanError `MIG_R0405` where a target can only mean the other direction */
export function assertDirection(text: string, means: Direction, asked: Direction): void {
  if (means === 'either' || asked === 'either' || means === asked) return
  const next =
    asked === 'up' ? `go down to "${text}"` : `go up to "${text}"; \`<package>@base\` takes all of a package back`
  throw new PlanError('MIG_R0405', `"${text}" is no target for going ${asked}.`, [], next)
}
