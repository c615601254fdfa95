import { buildGraph } from '../../src/graph/build/build.ts'
import type { GraphProblem } from '../../src/graph/build/problem.ts'
import { type Graph, idAt } from '../../src/graph/graph.ts'
import { effectiveHeads } from '../../src/graph/heads.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { toMermaid } from '../../src/graph/mermaid.ts'
import type { GraphNode, GraphPackage } from '../../src/graph/node.ts'
import { type GraphPlan, planMigrations } from '../../src/graph/plan/plan.ts'
import { PlanError } from '../../src/graph/plan/plan-error.ts'
import type { PlanRequest } from '../../src/graph/plan/request.ts'
import { type Situation, situationOf } from '../../src/graph/situation.ts'
import { examine, manifestOf } from './manifest.ts'

/** One rule of the page: words, and what the code makes of an example. */
export interface Rule {
  readonly title: string
  readonly text: string
  readonly nodes: readonly GraphNode[]
  readonly packages?: readonly GraphPackage[]
  /** What to show of it. */
  readonly shows: readonly Shown[]
}

export type Shown =
  /** The order, or what is wrong. */
  | { readonly what: 'order' }
  | { readonly what: 'plan'; readonly applied: readonly Id[]; readonly request: PlanRequest }
  | { readonly what: 'heads'; readonly applied: readonly Id[] }
  | { readonly what: 'history'; readonly applied: readonly Id[] }

export function renderRule({ title, text, nodes, packages = [], shows }: Rule): string {
  const { graph, problems } = buildGraph(packages, nodes)
  const wrong = problems.filter(({ kind }) => kind !== 'several-heads')
  const parts = shows.map((shown) => {
    if (wrong.length > 0) return wrong.map((problem) => renderProblem(problem, nodes)).join('\n')
    switch (shown.what) {
      case 'order':
        return renderOrder(graph)
      case 'plan':
        return renderPlan(situationOf(graph, shown.applied), shown.request)
      case 'heads':
        return renderHeads(situationOf(graph, shown.applied))
      case 'history':
        return renderHistory(nodes, situationOf(graph, shown.applied), shown.applied)
    }
  })
  return [`## ${title}\n`, `${text}\n`, ...parts].join('\n')
}

function renderProblem(problem: GraphProblem, nodes: readonly GraphNode[]): string {
  if (problem.kind !== 'cycle') throw new Error(`no picture of ${problem.kind}`)
  const arrows = problem.edges.map(({ before, after, kind }) => {
    return `  n${before}["${nodes[before]?.id}"] -->|${kind}| n${after}["${nodes[after]?.id}"]\n`
  })
  return `${picture(`flowchart LR\n${arrows.join('')}`)}\nThe build refuses it: a cycle through ${problem.through}.\n`
}

function renderOrder(graph: Graph): string {
  const notes = new Map(graph.members.map(({ id }, position) => [id, `${position + 1}.`]))
  return `${picture(toMermaid(graph, { notes }))}\nThe order: ${list(graph.members.map(({ id }) => id))}.\n`
}

const SAYS = { up: 'Up', down: 'Down', to: 'Going', mixed: 'A mixed plan', stamp: 'Stamping' } as const

function renderPlan(situation: Situation, request: PlanRequest): string {
  const asked = 'only' in request ? `only ${list(request.only)}` : `to ${list([request.targets].flat())}`
  const says = `${SAYS[request.direction]} ${asked}`
  try {
    const plan = planMigrations(situation, request)
    return `${picture(toMermaid(situation.graph, { ...standing(situation), notes: stepNotes(plan, request) }))}\n${says}: ${planInWords(plan, request)}.\n`
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return `${picture(toMermaid(situation.graph, standing(situation)))}\n${says} is refused: ${error.text} (\`${error.code}\`)\n`
  }
}

function renderHeads(situation: Situation): string {
  const drawn = picture(toMermaid(situation.graph, standing(situation)))
  return `${drawn}\nThe effective heads: ${list(effectiveHeads(situation))}.\n`
}

function renderHistory(nodes: readonly GraphNode[], situation: Situation, applied: readonly Id[]): string {
  const drawn = picture(toMermaid(situation.graph, standing(situation)))
  const { findings } = examine(manifestOf(nodes), Object.fromEntries(applied.map((id) => [id, `now:${id}`])))
  return `${drawn}\nFound: ${findings.map(({ kind, id }) => `\`${id}\` is ${kind}`).join(', ') || 'nothing'}.\n`
}

function standing({ graph, active, applied }: Situation): { readonly applied: Set<Id>; readonly aside: Set<Id> } {
  const where = (marks: Uint8Array, mark: number): Set<Id> =>
    new Set([...marks.keys()].filter((position) => marks[position] === mark).map((position) => idAt(graph, position)))
  return { applied: where(applied, 1), aside: where(active, 0) }
}

function stepNotes({ down, up }: GraphPlan, { direction }: PlanRequest): ReadonlyMap<Id, string> {
  const [back, forth] = direction === 'stamp' ? ['unmark', 'mark'] : ['down', 'up']
  const steps = [...down.map(({ id }) => [id, back]), ...up.map(({ id }) => [id, forth])]
  return new Map(steps.map(([id = '', word], index) => [id, `${index + 1}. ${word}`]))
}

function planInWords({ down, up }: GraphPlan, { direction }: PlanRequest): string {
  const [back, forth] = direction === 'stamp' ? ['unmarks', 'marks'] : ['takes back', 'runs']
  const words = [
    ...(down.length > 0 ? [`${back} ${list(down.map(({ id }) => id))}`] : []),
    ...(up.length > 0 ? [`${forth} ${list(up.map(({ id }) => id))}`] : []),
  ]
  return words.length > 0 ? words.join(', then ') : 'nothing to do'
}

function picture(mermaid: string): string {
  return `\`\`\`mermaid\n${mermaid}\`\`\`\n`
}

function list(ids: readonly string[]): string {
  return ids.map((id) => `\`${id}\``).join(', ')
}
