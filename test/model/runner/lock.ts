import { ENDED } from '../world.ts'
import type { Turn } from './turn.ts'

/** Whether nobody who is alive holds a lock. Each process has a name of its own, and a new one when it starts again. */
export function isDead({ world }: Turn, holder: string): boolean {
  if (holder === '') return true
  const [, index = '', tries = ''] = /R(\d+)\.(\d+)/.exec(holder) ?? []
  const runner = world.runners[Number(index)]
  return runner === undefined || runner.tries !== Number(tries) || ENDED.has(runner.at)
}
