import { kindOf } from './edges.ts'
import { type Graph, packageAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { at } from './order/adjacency.ts'

export interface MermaidOptions {
  /** Drawn with a thick border. */
  readonly applied?: ReadonlySet<Id>
  /** Drawn dashed. */
  readonly aside?: ReadonlySet<Id>
  /** What is written below a name, such as its place in a plan. */
  readonly notes?: ReadonlyMap<Id, string>
}

/** A Mermaid flowchart: a box for each package, a solid arrow for each declared edge, a dotted one for the others. */
export function toMermaid(graph: Graph, { applied, aside, notes }: MermaidOptions = {}): string {
  const lines = ['flowchart LR']
  for (const [rank, name] of graph.packages.entries()) {
    const own = [...graph.members.entries()].filter(([position]) => at(graph.owners, position) === rank)
    if (own.length === 0) continue
    lines.push(`  subgraph p${rank}[${quoted(name)}]`)
    for (const [position, { id }] of own) {
      const note = notes?.get(id)
      const label = id.slice(packageAt(graph, position).length + 1) + (note === undefined ? '' : `<br/>${note}`)
      lines.push(`    n${position}[${quoted(label)}]`)
    }
    lines.push('  end')
  }
  const { offsets, before } = graph.edges
  for (const position of graph.members.keys()) {
    const arrows = new Set<string>()
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const kind = kindOf(graph.edges, slot)
      const arrow = kind === 'parents' || kind === 'dependsOn' ? `-->|${kind}|` : `-.->|${kind}|`
      arrows.add(`  n${at(before, slot)} ${arrow} n${position}`)
    }
    lines.push(...arrows)
  }
  lines.push(...styled(graph, 'applied', 'stroke-width:4px', applied))
  lines.push(...styled(graph, 'aside', 'stroke-dasharray:4 4,opacity:0.6', aside))
  return `${lines.join('\n')}\n`
}

function styled({ members }: Graph, name: string, style: string, ids: ReadonlySet<Id> = new Set()): readonly string[] {
  const nodes = [...members.entries()].flatMap(([position, { id }]) => (ids.has(id) ? [`n${position}`] : []))
  return nodes.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${nodes.join(',')} ${name}`]
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '#quot;')}"`
}
