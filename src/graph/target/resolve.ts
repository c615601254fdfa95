import { both, marksOf } from '../marks.ts'
import { marksOfScope } from '../scope.ts'
import type { Situation } from '../situation.ts'
import { hasMigrations } from './match.ts'
import { type Reading, readTarget } from './parse.ts'
import { resolveName, unknown } from './name.ts'
import { stepFrontier } from './steps.ts'
import type { Target } from './target.ts'

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

function direction(steps: number): 'up' | 'down' {
  return steps < 0 ? 'down' : 'up'
}
