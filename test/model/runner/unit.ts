import { type Entry, codeOf, entriesOf } from '../entry.ts'
import { effectOf } from '../effect.ts'
import { generationIn } from '../knowledge.ts'
import type { Request } from '../world.ts'
import { fieldsOf } from './record.ts'
import { type Turn, attemptOf, nextSerial } from './turn.ts'

/** The next thing that commits as one on the way to apply a migration, or to take it back, as this runner knows the logs. */
export function nextUnit(turn: Turn, id: number): Request {
  const { scenario, runner } = turn
  const { committer = 0, steps = [], statements = 0, participants = [] } = scenario.migrations[id] ?? {}
  const generation = generationIn(runner.known[committer] ?? '', committer, id) + 1
  const kind = generation % 2 === 1 ? 'up' : 'down'
  const unit = { id, generation, attempt: attemptOf(turn) }
  const step = kind === 'up' ? nextStep(turn, id, generation) : nextStep(turn, id, generation, steps.length - 1)
  if (step)
    return requestTo(
      turn,
      step.storage,
      { ...unit, kind: 'step', ...step, ...fieldsOf(turn, step.storage, {}) },
      effectOf(id, step.part, generation),
    )
  const redo = participants.reduce((bits, storage) => bits | (1 << storage), 0)
  const fields = { ...unit, kind, redo, ...fieldsOf(turn, committer, { kind, id, redo }) } as const
  return requestTo(turn, committer, fields, steps.length > 0 || statements > 0 ? '' : effectOf(id, 0, generation))
}

function requestTo(turn: Turn, storage: number, fields: Partial<Entry> & Pick<Entry, 'kind'>, effect: string): Request {
  return { storage, serial: nextSerial(turn, storage), entry: codeOf({ ...fields, target: storage }), effect }
}

interface NextStep {
  readonly storage: number
  readonly step: number
  readonly part: number
  readonly isCheckpoint: boolean
}

/** @param from the step to begin with: the first on the way up, the last on the way down */
function nextStep(turn: Turn, id: number, generation: number, from = 0): NextStep | undefined {
  const { scenario, runner } = turn
  const steps = scenario.migrations[id]?.steps ?? []
  const direction = generation % 2 === 1 ? 1 : -1
  for (let step = from; step >= 0 && step < steps.length; step += direction) {
    const { storage = 0, runs = 0 } = steps[step] ?? {}
    const ended = entriesOf(runner.known[storage] ?? '').filter(
      (entry) => entry.kind === 'step' && entry.id === id && entry.generation === generation && entry.step === step,
    ).length
    const before = steps.slice(0, step).reduce((sum, other) => sum + other.runs, 0)
    const done = scenario.rules.steps === 'resume' ? ended : Math.max(0, runner.place - before)
    if (done >= runs) continue
    return { storage, step, part: before + done, isCheckpoint: done < runs - 1 }
  }
  return undefined
}
