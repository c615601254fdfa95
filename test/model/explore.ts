import { modelOf } from './model.ts'
import { type Outcome, search } from './search.ts'
import type { Variant } from './variants/variant.ts'

/** @param limit of states; a search that does not end by then fails */
export function explore({ scenario }: Variant, limit: number): Outcome {
  return search(modelOf(scenario), limit)
}

/** An outcome as somebody who reads a failed test wants it. */
export function told(outcome: Outcome): string {
  if (outcome.verdict === 'holds') return `holds in ${outcome.states} states`
  const steps = outcome.steps.map((what, place) => `${String(place + 1).padStart(3)}. ${what}`)
  return [`refuted after ${steps.length} steps: ${outcome.violation}`, ...steps].join('\n')
}
