import { both, marksOf } from '../marks.ts'
import { marksOfScope } from '../scope.ts'
import type { Situation } from '../situation.ts'
import { hasMigrations } from './match.ts'
import { type Direction, assertDirection } from './direction.ts'
import { type Reading, readTarget } from './parse.ts'
import { resolveName, unknown } from './name.ts'
import { stepFrontier } from './steps.ts'
import type { Target } from './target.ts'

/**
 * Understands a target: `heads`, `base`, `<id>`, the begin of a name, `<package>`, `<package>@head`, `<package>@base`,
 * `<label>@head`, `<label>@base`, `+2`, `-1`, `<id>+1`, `<id>-1`, `<package>@+1`, `<label>@-1`.
 *
 * @param direction What it is a target for. Known before steps are counted, so that whoever mistakes it is told that.
 * @throws PlanError `MIG_R0401` to `MIG_R0405`, `MIG_R0410`
 */
export function resolveTarget(situation: Situation, text: string, direction: Direction): Target {
  const { active, applied, graph } = situation
  const readings = readTarget(text)
  const [reading] = readings
  switch (reading?.kind) {
    case 'heads':
      assertDirection(text, 'up', direction)
      return { text, scope: active, wanted: active, nodes: [] }
    case 'base':
      assertDirection(text, 'down', direction)
      return { text, scope: active, wanted: marksOf(graph), nodes: [] }
    case 'steps':
      assertDirection(text, reading.steps < 0 ? 'down' : 'up', direction)
      return { text, scope: active, wanted: stepFrontier(graph, text, reading.steps, active, applied), nodes: [] }
    case 'branch':
      return resolveBranch(situation, text, reading, direction)
    default:
      return resolveName(situation, text, readings, direction)
  }
}

function resolveBranch(
  situation: Situation,
  text: string,
  { name, to }: Reading & { readonly kind: 'branch' },
  direction: Direction,
): Target {
  const { graph, applied } = situation
  const scope = marksOfScope(situation, hasMigrations(graph, name) ? { package: name } : { label: name })
  if (!scope.includes(1)) throw unknown(text)
  assertDirection(text, to === 'base' || (to !== 'head' && to < 0) ? 'down' : 'up', direction)
  if (to === 'head') return { text, scope, wanted: scope, nodes: [] }
  if (to === 'base') return { text, scope, wanted: marksOf(graph), nodes: [] }
  return { text, scope, wanted: stepFrontier(graph, text, to, scope, both(applied, scope)), nodes: [] }
}
