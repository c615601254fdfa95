import { kindOf } from './edges.ts'
import { type Graph, packageAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { at } from './order/adjacency.ts'

export interface MermaidOptions {
  /** Drawn with a thick border. */
  readonly applied?: ReadonlySet<Id>
  /** Drawn dashed: what does not take part. */
  readonly aside?: ReadonlySet<Id>
  /** Text → ids that it is written below, such as a plan's place of each. */
  readonly notes?: ReadonlyMap<Id, string>
}

/** A Mermaid flowchart: a box for each package, a solid arrow for each declared edge, a dotted one for the others. */
export function toMermaid(graph: Graph, { applied, aside, notes }: MermaidOptions = {}): string {
  const lines = ['flowchart LR']
  for (const [rank, name] of graph.packages.entries()) {
    const own = [...graph.members.entries()].filter(([position]) => at(graph.owners, position) === rank)
    if (own.length === 0) continue
    lines.push(`  subgraph ${quoted(name)}`)
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
  const styled = (ids: ReadonlySet<Id> | undefined, name: string): void => {
    const nodes = [...graph.members.entries()].flatMap(([position, { id }]) => (ids?.has(id) ? [`n${position}`] : []))
    if (nodes.length > 0) lines.push(`  class ${nodes.join(',')} ${name}`)
  }
  if (applied) lines.push('  classDef applied stroke-width:4px')
  if (aside) lines.push('  classDef aside stroke-dasharray:4 4,opacity:0.6')
  styled(applied, 'applied')
  styled(aside, 'aside')
  return `${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '#quot;')}"`
}
