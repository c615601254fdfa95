import { withAncestors, withDescendants } from '../closure.ts'
import { idAt } from '../graph.ts'
import { either, marksOf } from '../marks.ts'
import { PlanError, listIds } from '../plan/plan-error.ts'
import { marksOfScope } from '../scope.ts'
import type { Situation } from '../situation.ts'
import { standIns } from '../stand-in.ts'
import { type Direction, assertDirection } from './direction.ts'
import { matchName } from './match.ts'
import type { Reading } from './parse.ts'
import { walk } from './steps.ts'
import type { Target } from './target.ts'

interface Found {
  readonly position: number
  readonly steps: number
}

/** @throws PlanError `MIG_R0401` to `MIG_R0405`, `MIG_R0410` */
export function resolveName(
  situation: Situation,
  text: string,
  readings: readonly Reading[],
  direction: Direction,
): Target {
  const found: Found[] = []
  for (const reading of readings) {
    if (reading.kind !== 'name') continue
    const match = matchName(situation, reading.name)
    if (match.kind === 'package') {
      if (reading.steps !== 0) continue
      assertDirection(text, 'up', direction)
      const scope = marksOfScope(situation, { package: match.name })
      return { text, scope, wanted: scope, nodes: [] }
    }
    for (const position of match.positions) found.push({ position, steps: reading.steps })
    if (match.exact) break
  }
  const [one, ...others] = found
  if (one === undefined) throw unknown(text)
  if (others.length > 0)
    throw ambiguous(
      text,
      found.map((each) => readingOf(situation, each)),
    )
  const start = inUse(situation, one.position)
  return one.steps === 0 ? reaching(situation, text, start) : stepped(situation, text, start, one.steps)
}

function stepped(situation: Situation, text: string, start: readonly number[], steps: number): Target {
  const { graph } = situation
  const [from = 0, ...others] = start
  if (others.length > 0)
    throw ambiguous(
      text,
      start.map((position) => readingOf(situation, { position, steps })),
    )
  const { is, position } = walk(graph, text, from, steps)
  if (is === 'at') return reaching(situation, text, [position])
  const scope = withDescendants(graph, marksOf(graph, [position]), 'inside packages')
  return { text, scope, wanted: marksOf(graph), nodes: [] }
}

/** What leads to the nodes inside their packages is wanted, what follows them there is not, and the rest is left alone. */
function reaching({ graph }: Situation, text: string, nodes: readonly number[]): Target {
  const wanted = withAncestors(graph, marksOf(graph, nodes), 'inside packages')
  const follows = withDescendants(graph, marksOf(graph, nodes), 'inside packages')
  return { text, scope: either(wanted, follows), wanted, nodes }
}

/** A squash that is not in use stands for all that it replaces; what a squash in use replaces cannot be reached alone. */
function inUse(situation: Situation, position: number): readonly number[] {
  const { graph, active, instead } = situation
  if (active[position] === 1) return [position]
  const [squash = position] = instead.get(position) ?? []
  if (squash < position) return standIns(situation, position).toSorted((a, b) => a - b)
  const text = `${idAt(graph, position)} is replaced by ${idAt(graph, squash)} on these storages.`
  throw new PlanError('MIG_R0410', text, [idAt(graph, squash)], `name ${idAt(graph, squash)}`)
}

/**
 * Understands the name of one migration: its id, or the begin of its name.
 *
 * @returns Its position, or those of what takes its place.
 * @throws PlanError `MIG_R0401`, `MIG_R0402`, `MIG_R0410`
 */
export function resolveMigration(situation: Situation, text: string): readonly number[] {
  const match = matchName(situation, text)
  if (match.kind === 'package') throw unknown(text)
  const [position, ...others] = match.positions
  if (position === undefined) throw unknown(text)
  if (others.length > 0)
    throw ambiguous(
      text,
      match.positions.map((each) => idAt(situation.graph, each)),
    )
  return inUse(situation, position)
}

export function unknown(text: string): PlanError {
  return new PlanError(
    'MIG_R0401',
    `"${text}" is no migration, package or label.`,
    [],
    'write `heads`, `base`, an id, the begin of a name, `<package>@head` or `<label>@head`; `status` lists what there is',
  )
}

function readingOf({ graph }: Situation, { position, steps }: Found): string {
  const id = idAt(graph, position)
  return steps === 0 ? id : `${id}${steps > 0 ? '+' : ''}${steps}`
}

function ambiguous(text: string, readings: readonly string[]): PlanError {
  return new PlanError('MIG_R0402', `"${text}" may mean ${listIds(readings)}.`, readings, 'write more of the name')
}
