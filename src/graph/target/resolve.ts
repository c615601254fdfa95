import { withAncestors, withDescendants } from '../closure.ts'
import { idAt } from '../graph.ts'
import { type Marks, both, either, marksOf } from '../marks.ts'
import { PlanError, listIds } from '../plan/plan-error.ts'
import { marksOfScope } from '../scope.ts'
import type { Situation } from '../situation.ts'
import { standIns } from '../stand-in.ts'
import { type Match, hasMigrations, matchName } from './match.ts'
import { type Reading, readTarget } from './parse.ts'
import { stepFrontier, walk } from './steps.ts'

/** What a target asks for: of the migrations in `scope`, exactly those in `wanted` are to be applied. */
export interface Target {
  readonly text: string
  readonly scope: Marks
  readonly wanted: Marks
  /** The migrations that it names; empty for a whole branch. */
  readonly nodes: readonly number[]
  /** The direction that it can only mean. */
  readonly means: 'up' | 'down' | 'either'
}

/**
 * Understands a target: `heads`, `base`, `<id>`, the begin of a name, `<package>`, `<package>@head`, `<package>@base`,
 * `<label>@head`, `<label>@base`, `+2`, `-1`, `<id>+1`, `<id>-1`, `<package>@+1`, `<label>@-1`.
 *
 * @throws PlanError `MIG_R0401` to `MIG_R0404`, `MIG_R0410`
 */
export function resolveTarget(situation: Situation, text: string): Target {
  const { active, applied, graph } = situation
  const readings = readTarget(text)
  const [reading] = readings
  switch (reading?.kind) {
    case 'heads':
      return { text, scope: active, wanted: active, nodes: [], means: 'up' }
    case 'base':
      return { text, scope: active, wanted: marksOf(graph), nodes: [], means: 'down' }
    case 'steps': {
      const wanted = stepFrontier(graph, text, reading.steps, active, applied)
      return { text, scope: active, wanted, nodes: [], means: direction(reading.steps) }
    }
    case 'branch':
      return resolveBranch(situation, text, reading)
    default:
      return resolveName(situation, text, readings)
  }
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

function resolveBranch(
  situation: Situation,
  text: string,
  { name, to }: Reading & { readonly kind: 'branch' },
): Target {
  const { graph, applied } = situation
  const scope = marksOfScope(situation, hasMigrations(graph, name) ? { package: name } : { label: name })
  if (!scope.includes(1)) throw unknown(text)
  if (to === 'head') return { text, scope, wanted: scope, nodes: [], means: 'up' }
  if (to === 'base') return { text, scope, wanted: marksOf(graph), nodes: [], means: 'down' }
  const wanted = stepFrontier(graph, text, to, scope, both(applied, scope))
  return { text, scope, wanted, nodes: [], means: direction(to) }
}

interface Found {
  readonly position: number
  readonly steps: number
}

function resolveName(situation: Situation, text: string, readings: readonly Reading[]): Target {
  const found: Found[] = []
  for (const reading of readings) {
    if (reading.kind !== 'name') continue
    const match: Match = matchName(situation, reading.name)
    if (match.kind === 'package') {
      if (reading.steps !== 0) continue
      const scope = marksOfScope(situation, { package: match.name })
      return { text, scope, wanted: scope, nodes: [], means: 'up' }
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
  return one.steps === 0 ? at(situation, text, start) : stepped(situation, text, start, one.steps)
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
  if (is === 'at') return at(situation, text, [position])
  const scope = withDescendants(graph, marksOf(graph, [position]), 'inside packages')
  return { text, scope, wanted: marksOf(graph), nodes: [], means: 'either' }
}

/** What leads to the nodes inside their packages is wanted, what follows them there is not, and the rest is left alone. */
function at({ graph }: Situation, text: string, nodes: readonly number[]): Target {
  const wanted = withAncestors(graph, marksOf(graph, nodes), 'inside packages')
  const follows = withDescendants(graph, marksOf(graph, nodes), 'inside packages')
  return { text, scope: either(wanted, follows), wanted, nodes, means: 'either' }
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

function direction(steps: number): 'up' | 'down' {
  return steps < 0 ? 'down' : 'up'
}

function unknown(text: string): PlanError {
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
