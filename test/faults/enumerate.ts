import type { Fault, Plan } from './plan.ts'
import type { Scenario } from './scenario.ts'

export interface Case {
  /** The operation that met the fault; `undefined`: the run had ended before. */
  readonly fired: string | undefined
  readonly broken: readonly string[]
}

export interface Enumeration {
  readonly scenario: Scenario
  /** In turn, one for each operation. */
  readonly faults: readonly Fault[]
  /** Every operation, or every second … */
  readonly step: number
  /** The first one. */
  readonly first: number
  readonly concurrency: number
}

/** Plans that were tried, each as a line that repeats it, with what was broken. */
export interface Findings {
  readonly tried: number
  readonly broken: readonly string[]
}

/**
 * Lets the 1st, 2nd, 3rd … operation meet a fault, until a run ends without having come to it: the way in which SQLite
 * tests running out of memory and I/O errors (sqlite.org/testing.html, sections 3.1 and 3.2).
 */
export async function enumerate(
  { scenario, faults, step, first, concurrency }: Enumeration,
  attempt: (plan: Plan) => Promise<Case>,
): Promise<Findings> {
  const broken: string[] = []
  let next = 0
  let tried = 0
  let isDone = false
  const worker = async (): Promise<void> => {
    while (!isDone) {
      const index = next++
      const plan = { do: faults[index % faults.length] ?? 'error', at: first + index * step }
      const { fired, broken: found } = await attempt(plan)
      if (fired === undefined) isDone = true
      else tried++
      for (const what of found) broken.push(`${replayLine(scenario, plan)} (${fired ?? 'after all'})\n  ${what}`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { tried, broken }
}

/** What `replay.test.ts` understands. */
export function replayLine({ main, extra, state }: Scenario, { do: fault, at }: Plan): string {
  return `FAULT='${main} ${extra} ${state} ${fault} ${at}' npm test -- faults/replay`
}
