import type { D1Database } from '../../src/adapters/d1.ts'

/**
 * What happens at one operation on a binding: its request is lost, or its answer, in both cases with the error of D1 for
 * it · `late`: so it seems, but the request arrives after the next one · `killed`: the process is gone, before or after
 * the operation, and nothing that it does later arrives.
 */
export type Fault = 'request lost' | 'answer lost' | 'late' | 'killed before' | 'killed after'

type Statement = ReturnType<D1Database['prepare']>
type Wrapped = Statement & { readonly inner: Statement }

export interface FaultyD1 {
  readonly database: D1Database
  /** Whether there were enough operations. */
  isFired(): boolean
}

/** @param at the number of the operation, from 1 */
export function faultyD1(original: D1Database, at: number, fault: Fault): FaultyD1 {
  let count = 0
  let isDead = false
  let late: (() => Promise<unknown>) | undefined

  const fail = (): never => {
    isDead = fault.startsWith('killed')
    throw new Error(isDead ? 'killed' : 'D1_ERROR: Network connection lost.')
  }
  const operate = async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
    if (isDead) throw new Error('killed')
    const isHit = ++count === at
    if (isHit && fault === 'late') late = operation
    if (isHit && fault !== 'answer lost' && fault !== 'killed after') fail()
    const answer = await operation()
    if (isHit) fail()
    const arriving = late
    late = undefined
    // Whether it is refused is not told to anybody.
    await arriving?.().catch(() => {})
    return answer
  }
  const wrapped = (inner: Statement): Wrapped => ({
    inner,
    bind: (...values) => wrapped(inner.bind(...values)),
    all: () => operate(() => inner.all()),
  })
  return {
    isFired: () => count >= at,
    database: {
      prepare: (text) => wrapped(original.prepare(text)),
      batch: (statements) => operate(() => original.batch(statements.map((statement) => (statement as Wrapped).inner))),
    },
  }
}
