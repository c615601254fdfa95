import type { Outcome } from './search.ts'
import type { Topic, Variant } from './variants/variant.ts'

const INTRO = `# The protocol, searched

For people who review whether the runtime is safe. \`test/model/\` holds a model of the protocol that \`src/runtime/\`
implements, and a search that visits every state that its runners, storages and faults can reach, breadth first. It is run
with all tests; this page is made by it. \`npm test -- model\` runs it alone, and tells a counterexample step by step.

Each topic below has variants with all protections, which must hold, and twins in which one protection is off, which must
not: a model that finds nothing without its protections would prove nothing with them.

What may happen at any moment: each runner takes its next step, or never acts again; one dies and starts anew; a request
loses its answer, and is carried out at once, at any later time, or never, whoever sent it; a lease goes to somebody else
while its holder believes to have it; the log of the state vanishes, or an older copy comes back. There are no clocks.
Every read, append, commit, lock and replaced item is a step of its own.

What must hold in every state:

- no part of a migration takes effect twice in one generation;
- no part of a migration has effect while something that it depends on is not in place;
- no log says that something is applied, taken back or settled that is not;
- of the statements of a migration at most one is unclear;
- a run that says ok has seen all its migrations in place and settled at some moment between its start and its end;
- a runner that is alone, with nothing going wrong, gets done from here, whatever the others left.

| what               | where                                                                                |
| ------------------ | ------------------------------------------------------------------------------------ |
| search             | \`search.ts\`; \`model.ts\` puts the parts together, \`lone-run.ts\` asks for stuck states |
| state              | \`world.ts\`, \`entry.ts\`, \`effect.ts\`                                                  |
| runners            | \`runner/\`, one file per concern; \`knowledge.ts\` is what logs tell                    |
| storages, faults   | \`storage.ts\`, \`faults.ts\`                                                            |
| properties         | \`properties.ts\`                                                                      |
| protections, twins | \`scenario.ts\`, \`variants/\`                                                           |
| longer searches    | \`protocol.soak.ts\`: more runners and faults, up to 700,000 states each               |
`

const LIMITS = `## Limits

- It is a model of the protocol, not of the code: that the code does the same is what the tests with real storages and
  killed processes show.
- Small numbers: two or three runners, one to three migrations and targets, one or two faults. Runners act in any order
  for any time, so most of what is known to go wrong with many goes wrong with two or three.
- Storages keep what they acknowledged, and a target is never restored behind the state: that is told by identity and
  serials (\`MIG_R0106\`), which the model leaves out, as it does genesis entries, environments, seals and marks.
- An application that writes to the items that a migration replaces is left out; the adapters' tests have it.
- Two downs that announce themselves and ups that fence them may keep each other busy. A down of the model gives up after
  two rounds; the runtime's plans again until it is through, or its \`signal\` is aborted.
- That a lone runner gets done is all that is said about progress.
`

/** The page that the test compares `docs/protocol.md` with. */
export function pageOf(topics: readonly Topic[], outcomes: ReadonlyMap<Variant, Outcome>): string {
  return [INTRO, ...topics.map((topic) => sectionOf(topic, outcomes)), LIMITS].join('\n')
}

function sectionOf({ title, about, variants }: Topic, outcomes: ReadonlyMap<Variant, Outcome>): string {
  const rows = variants.map((variant) => {
    const outcome = outcomes.get(variant)
    if (!outcome) throw new Error(`${variant.name} was not searched`)
    const found = outcome.verdict === 'holds' ? '' : `${outcome.violation}, in ${outcome.steps.length} steps`
    return [variant.name, outcome.verdict === 'holds' ? 'holds' : '**fails**', String(outcome.states), found]
  })
  return `## ${title}\n\n${about}\n\n${tableOf([['variant', 'verdict', 'states', 'what goes wrong'], ...rows])}\n`
}

/** Columns as wide as their longest cell, as the formatter has them. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) => widths.map((width, column) => (row[column] ?? '').padEnd(width)))
  const rule = widths.map((width) => '-'.repeat(width))
  return lines
    .toSpliced(1, 0, rule)
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
