/** One atomic step of somebody: what happens, told for people, and the state after it. */
export type Transition<State> = readonly [what: string, after: State]

export interface Model<State> {
  readonly initial: State
  /** Equal for states that cannot be told apart. */
  keyOf(state: State): string
  next(state: State): readonly Transition<State>[]
  /** What is wrong with a state, if anything. */
  violation(state: State): string | undefined
}

export type Outcome =
  | { readonly verdict: 'holds'; readonly states: number }
  | {
      readonly verdict: 'refuted'
      readonly states: number
      readonly violation: string
      /** A shortest way to the violation. */
      readonly steps: readonly string[]
    }

/**
 * Visits every reachable state, breadth first: the first violation has a shortest counterexample. A visited state is
 * kept as its key, its predecessor, and which of the predecessor's transitions led to it; the rest is made again.
 *
 * @throws when there are more states than `limit`: an unfinished search proves nothing
 */
export function search<State>(model: Model<State>, limit: number): Outcome {
  const { initial, keyOf, next, violation } = model
  const visited = new Set([keyOf(initial)])
  const origins: number[] = [-1]
  const choices: number[] = [-1]
  let level: readonly State[] = [initial]
  let first = 0
  while (level.length > 0) {
    const following: State[] = []
    for (const [offset, state] of level.entries()) {
      const wrong = violation(state)
      if (wrong !== undefined) {
        const steps = replay(model, first + offset, origins, choices)
        return { verdict: 'refuted', states: visited.size, violation: wrong, steps }
      }
      for (const [choice, [, after]] of next(state).entries()) {
        const key = keyOf(after)
        if (visited.has(key)) continue
        visited.add(key)
        origins.push(first + offset)
        choices.push(choice)
        following.push(after)
      }
      if (visited.size > limit) throw new RangeError(`more than ${limit} states`)
    }
    first += level.length
    level = following
  }
  return { verdict: 'holds', states: visited.size }
}

function replay<State>(
  { initial, next }: Model<State>,
  end: number,
  origins: readonly number[],
  choices: readonly number[],
): readonly string[] {
  const way: number[] = []
  for (let place = end; place > 0; place = origins[place] ?? 0) way.unshift(choices[place] ?? 0)
  const steps: string[] = []
  let state = initial
  for (const choice of way) {
    const transition = next(state)[choice]
    if (!transition) throw new Error('a state has other transitions than before')
    steps.push(transition[0])
    state = transition[1]
  }
  return steps
}
